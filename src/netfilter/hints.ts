import { lackText, otherNeeds } from '../privileges.ts';
import type { Refusal } from '../schema/protocol.ts';

/** What may be done about a refusal, by operation and code. */
export function netfilterHint({ operation, code, privileges }: Refusal): string | undefined {
  const [family = '', verb = ''] = operation.split('.');
  if (code === 'EPERM') return lackText(otherNeeds.netfilter, privileges());
  if (code === 'EEXIST' && verb === 'create') return `There is one already: ${family}.add takes it as it is`;
  if (code === 'EBUSY' && verb === 'delete') return 'A rule uses it: delete that first';
  return undefined;
}
