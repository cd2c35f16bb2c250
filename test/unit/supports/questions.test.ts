import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { errno, type ErrnoName } from '../../../src/errno.ts';
import { ArgumentError, KernelError } from '../../../src/errors.ts';
import { openRoute } from '../../../src/open.ts';
import { family, kind, strict } from '../../../src/supports/questions.ts';
import { fakeKernel } from '../../../src/testing/index.ts';

const refusal = (code: ErrnoName, text?: string): KernelError => new KernelError({ operation: 'supports', errno: errno[code], text });
const stranger = new Error('no answer of a kernel');

/** What a question comes to, once the kernel has given these answers. */
function comesTo(steps: Generator<unknown, any, any>, answers: readonly unknown[]): unknown {
  let step = steps.next();
  try {
    for (const answer of answers) step = answer instanceof Error ? steps.throw(answer) : steps.next(answer);
  } catch (error) {
    return error instanceof KernelError ? error.code : (error as Error).message;
  }
  return step.value.done;
}

const lo = { name: 'lo', flags: {} }, listed = { operations: [{ command: 3 }] };
const policy = (type: string | undefined): object => ({ commandPolicies: { 3: { do: 0 } }, policies: { 0: type === undefined ? {} : { 7: { type } } } });

const cases: readonly [what: string, make: () => Generator<unknown, any, any>, answers: readonly unknown[], becomes: unknown][] = [
  ['an older kernel lists addresses of a link that there is not', strict, [[]], false],
  ['a kernel that checks has no such link', strict, [refusal('ENODEV')], true],
  ['a refusal that says nothing of it', strict, [refusal('EPERM')], false],
  ['something else goes wrong', strict, [stranger], stranger.message],
  ['only links of the kind are listed', () => kind('bridge'), [[{ ...lo, kind: 'bridge' }]], true],
  ['no link is listed', () => kind('bridge'), [[]], true],
  ['it would be made', () => kind('bridge'), [[lo], undefined], true],
  ['who may not make links is not told', () => kind('bridge'), [[lo], refusal('EPERM')], 'unknown'],
  ['no such kind', () => kind('bridge'), [[lo], refusal('EOPNOTSUPP', 'Unknown device type')], false],
  ['no such kind, of a kernel without words', () => kind('bridge'), [[lo], refusal('EOPNOTSUPP')], false],
  ['the kind itself refuses it', () => kind('bridge'), [[lo], refusal('EOPNOTSUPP', 'Not so many queues')], true],
  ['too many queues', () => kind('bridge'), [[lo], refusal('EINVAL')], true],
  ['something else goes wrong with a kind', () => kind('bridge'), [[lo], stranger], stranger.message],
  ['no such family', () => family({ family: 'x' }), [refusal('ENOENT')], false],
  ['a family that may not be asked for', () => family({ family: 'x' }), [refusal('EPERM')], 'EPERM'],
  ['a family without commands', () => family({ family: 'x', command: 3 }), [{}], false],
  ['a command', () => family({ family: 'x', command: 3 }), [listed], true],
  ['an attribute', () => family({ family: 'x', command: 3, attribute: 7 }), [listed, policy('u32')], true],
  ['an attribute that is refused', () => family({ family: 'x', command: 3, attribute: 7 }), [listed, policy('invalid')], false],
  ['an attribute that is not', () => family({ family: 'x', command: 3, attribute: 7 }), [listed, policy(undefined)], false],
  ['a command whose policy is not told', () => family({ family: 'x', command: 3, attribute: 7 }), [listed, {}], 'unknown'],
  ['a family whose policy is not told', () => family({ family: 'x', command: 3, attribute: 7 }), [listed, refusal('ENODATA')], 'unknown'],
  ['a kernel before 5.10', () => family({ family: 'x', command: 3, attribute: 7 }), [listed, refusal('EOPNOTSUPP')], 'unknown'],
  ['a policy that may not be asked for', () => family({ family: 'x', command: 3, attribute: 7 }), [listed, refusal('EPERM')], 'EPERM'],
];

for (const [what, make, answers, becomes] of cases) test(what, () => assert.is(comesTo(make(), answers), becomes));

test('what is no feature is refused before anything is asked', async () => {
  const kernel = fakeKernel(), nl = openRoute({ transport: kernel.open });
  for (const odd of ['odd', 7, null, {}, { kind: 7 }, { family: null }]) {
    assert.instance(await nl.supports(odd as never).then(() => undefined, (error: unknown) => error), ArgumentError);
    assert.throws(() => nl.sync.supports(odd as never), (error: unknown) => error instanceof ArgumentError);
  }
  nl.close();
});

test.run();
