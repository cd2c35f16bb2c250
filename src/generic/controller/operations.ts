import { dump, single, type Exchange } from '../../conversation/operation.ts';
import { controllerMessage, CTRL_CMD_GETFAMILY, CTRL_CMD_GETPOLICY, GENL_ID_CTRL, type Family } from './message.ts';

/** A family by its name: its number, commands and groups. Equivalent to `genl ctrl get name NAME`. Fails with ENOENT where there is none. */
export const get = (name: string): Exchange<Family> =>
  single('family.get', GENL_ID_CTRL, 0, controllerMessage, { command: CTRL_CMD_GETFAMILY, name }, controllerMessage, () => 'genl ctrl list');

/** What a family takes: the policies of its commands. Kernels since 5.10; Fails with ENODATA where a family has none. */
export const policy = (name: string): Exchange<Pick<Family, 'policies' | 'commandPolicies'>> => {
  const parts = dump('family.policy', GENL_ID_CTRL, controllerMessage, { command: CTRL_CMD_GETPOLICY, name }, controllerMessage);
  return { ...parts, answer: { ...parts.answer, finish: (items) => merged(items as Family[]) } };
};

/** Each message of the answer has a part of one policy. */
function merged(parts: readonly Family[]): Pick<Family, 'policies' | 'commandPolicies'> {
  const policies: NonNullable<Family['policies']> = {}, commandPolicies: NonNullable<Family['commandPolicies']> = {};
  for (const part of parts) {
    Object.assign(commandPolicies, part.commandPolicies);
    for (const [number, some] of Object.entries(part.policies ?? {})) policies[Number(number)] = { ...policies[Number(number)], ...some };
  }
  return { policies, commandPolicies };
}
