/** Types of every kind, by the tables themselves: a kind that is added there is looked at here. See support.ts. */
import type { Action, ActionInput, Filter, FilterInput, Link, LinkInput, Qdisc, QdiscInput, TcClass, TcClassInput } from 'netlink-ts';
import type { linkKinds } from '../../src/route/link/kinds/index.ts';
import type { portKinds } from '../../src/route/link/port/index.ts';
import type { actionKinds } from '../../src/route/tc/action/kinds/index.ts';
import type { filterKinds } from '../../src/route/tc/filter/kinds/index.ts';
import type { classKinds, qdiscKinds } from '../../src/route/tc/qdisc/kinds/index.ts';
import type { Infer } from '../../src/schema/attributes.ts';
import type { Same } from './support.ts';

/** Compiles only where all of a table are true; an error names the first that is not. */
function each<T extends { [K in keyof T]: true }>(): T | undefined {
  return undefined;
}

/** `if (x.kind === 'bridge')` leaves the options of a bridge. */
type Narrows<Listed, Kinds> = { [K in keyof Kinds]: Same<Extract<Listed, { kind: K }> extends { options?: infer O } ? O : never, Infer<Kinds[K]> | undefined> };

/** What a kind takes is taken. */
type Takes<Input, Kinds> = { [K in keyof Kinds]: { kind: K; options: Infer<Kinds[K]> } extends Input ? true : false };

/** True for kinds without options of their own, where a type alone cannot tell one too many. */
type Bare<O> = [Exclude<keyof O, 'unknown'>] extends [never] ? true : false;

/** An option that a kind has not is refused. */
type RefusesOther<Input, Kinds> = { [K in keyof Kinds]: Bare<Infer<Kinds[K]>> extends true ? true : { kind: K; options: { noSuchOption: 1 } } extends Input ? false : true };

/** What a kind takes is refused where it is of another type. */
type RefusesWrong<Input, Kinds> = {
  [K in keyof Kinds]: Bare<Infer<Kinds[K]>> extends true ? true
    : { kind: K; options: { [O in keyof Infer<Kinds[K]>]-?: symbol } } extends Input ? false : true;
};

each<Narrows<Link, typeof linkKinds>>();
each<Takes<LinkInput, typeof linkKinds>>();
each<RefusesOther<LinkInput, typeof linkKinds>>();
each<RefusesWrong<LinkInput, typeof linkKinds>>();

each<Narrows<Qdisc, typeof qdiscKinds>>();
each<Takes<QdiscInput, typeof qdiscKinds>>();
each<RefusesOther<QdiscInput, typeof qdiscKinds>>();
each<RefusesWrong<QdiscInput, typeof qdiscKinds>>();

each<Narrows<TcClass, typeof classKinds>>();
each<Takes<TcClassInput, typeof classKinds>>();
each<RefusesOther<TcClassInput, typeof classKinds>>();
each<RefusesWrong<TcClassInput, typeof classKinds>>();

each<Narrows<Filter, typeof filterKinds>>();
each<Takes<FilterInput, typeof filterKinds>>();
each<RefusesOther<FilterInput, typeof filterKinds>>();
each<RefusesWrong<FilterInput, typeof filterKinds>>();

each<Narrows<Action, typeof actionKinds>>();
each<Takes<ActionInput, typeof actionKinds>>();
each<RefusesOther<ActionInput, typeof actionKinds>>();
each<RefusesWrong<ActionInput, typeof actionKinds>>();

/** The same for a link as a port, whose words are `portKind` and `port`. */
type Ports = typeof portKinds;
each<{ [K in keyof Ports]: Same<Extract<Link, { portKind: K }>['port'], Infer<Ports[K]> | undefined> }>();
each<{ [K in keyof Ports]: { kind: 'dummy'; portKind: K; port: Infer<Ports[K]> } extends LinkInput ? true : false }>();
each<{ [K in keyof Ports]: { kind: 'dummy'; portKind: K; port: { noSuchOption: 1 } } extends LinkInput ? false : true }>();

// @ts-expect-error: the pattern itself sees what is false
each<{ bridge: true; veth: false }>();
// @ts-expect-error: and options that are another kind's
each<Narrows<Link, { bridge: (typeof linkKinds)['vxlan'] }>>();
