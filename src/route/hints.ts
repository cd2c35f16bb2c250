import { lackText, needsOf } from '../privileges.ts';
import { show } from '../schema/codec.ts';
import type { Refusal } from '../schema/protocol.ts';

/** What there is to say; a function looks at what was sent. */
type Say = string | ((refusal: Refusal) => string | undefined);

/** For one code and some operations, and only where the kernel's own words fit, if words are given. */
interface Row {
  readonly code: string;
  readonly operations: RegExp;
  readonly words?: RegExp | undefined;
  readonly say: Say;
}

const row = (code: string, operations: RegExp, say: Say, words?: RegExp): Row => ({ code, operations, say, words });

/** Fields of what was sent that are objects. */
const nest = (value: unknown, key: string): { readonly [key: string]: unknown } =>
  ((value as { readonly [key: string]: unknown } | undefined)?.[key] ?? {}) as { readonly [key: string]: unknown };

/** The names and numbers by which a new link may be in the way of another. */
function taken({ value }: Refusal): string {
  const peer = nest(nest(value, 'options'), 'peer');
  const named = [['name', value['name']], ['name of the other end', peer['name']], ['index', value['index']]].filter(([, one]) => one !== undefined);
  const what = named.map(([word, one]) => `the ${word as string} ${show(one)}`).join(' or ') || 'the name';
  return `A link has ${what} already${value['netnsFd'] === undefined ? '' : ' in that namespace'}, as its name or as another name of it: link.ensure makes one only where it is missing`;
}

function noLink({ value }: Refusal): string | undefined {
  const name = value['name'] ?? value['altname'], index = value['index'] ?? value['oif'];
  if (index !== undefined && index !== 0) return `There is no link with the index ${show(index)} in this network namespace`;
  return name === undefined ? undefined : `There is no link named ${show(name)} in this network namespace`;
}

const noWay = ({ operation, value }: Refusal): string | undefined =>
  value['gateway'] === undefined ? undefined
    : `The gateway ${show(value['gateway'])} is on no network of ${value['oif'] === undefined ? 'a link here' : 'that link'}: give the link an address of its network first (addr.add), or say ${operation.startsWith('route') ? 'dev and ' : ''}flags: { onlink: true }`;

const missing = (what: string, module: string): string => `This kernel has no ${what}: it is in the module ${module}, which is not there or could not be loaded`;

/** The module of an action that was asked for, by itself or in a filter. */
function noAction({ value }: Refusal): string | undefined {
  const actions = (value['actions'] ?? nest(value, 'options')['actions']) as readonly { readonly kind?: string }[] | undefined;
  const kinds = [...new Set((actions ?? []).map(({ kind }) => kind))];
  return kinds.length === 1 ? missing(`action ${kinds[0]}`, `act_${kinds[0]}`) : `One of the actions ${kinds.join(', ')} is not in this kernel: each is in a module act_KIND`;
}

const replaceable = 'There is one already: the operation "replace" changes it';

/** Looked through in this order: the first that fits. */
const rows: readonly Row[] = [
  row('EPERM', /^action\.(delete|flush)$/, (refusal) => lacking(refusal) ?? 'A filter uses it: delete that first'),
  row('EPERM', /./, lacking),
  row('EACCES', /^link\./, (refusal) => refusal.value['targetNetnsid'] === undefined ? undefined : lacking(refusal)),

  row('EEXIST', /^link\.(add|ensure)$/, 'The kernel has one with the same options already', /./),
  row('EEXIST', /^link\.(add|ensure)$/, taken),
  row('EEXIST', /^link\.change$/, ({ value }) => value['name'] === undefined ? undefined : `The name ${show(value['name'])} is taken by a link${value['netnsFd'] === undefined ? '' : ' of that namespace'}, as its name or as another name of it`),
  row('EEXIST', /^link\.(addAltname|ensure)$/, ({ value }) => `Of ${show(value['altnames'])} one is taken by a link, as its name or as another name of it`),
  row('EEXIST', /^addr\.add$/, 'The link has this address: addr.replace changes it, addr.ensure takes it as it is'),
  row('EEXIST', /^route\.add$/, 'There is a route with this destination, metric (priority) and TOS: route.replace takes its place, route.append stands behind it, route.ensure takes it as it is'),
  row('EEXIST', /^rule\.add$/, 'There is this rule: rule.ensure takes it as it is'),
  row('EEXIST', /^(neigh|fdb|mdb|nexthop|class|filter|action)\.add$/, replaceable),
  row('EEXIST', /^qdisc\.add$/, 'There is a qdisc in that place: qdisc.replace sets another'),
  row('EEXIST', /^nsid\.set$/, 'The number stands for another namespace: nsid.list gives those in use', /nsid is already used/),
  row('EEXIST', /^nsid\.set$/, 'The namespace has another id already: nsid.get tells it'),

  row('ENODEV', /^(route|nexthop)\./, (refusal) => noLink(refusal) ?? 'Nothing says where to: it takes dev, or a gateway that is on the network of a link'),
  row('ENODEV', /./, noLink),

  row('ENETUNREACH', /^route\.get$/, ({ value }) => `No route leads to ${show(value['dst'])}: route.add({ dst: 'default', gateway }) makes one to everywhere`),
  row('ENETUNREACH', /^(route|nexthop)\./, noWay),
  row('EHOSTUNREACH', /^(route|nexthop)\.(?!get)/, noWay),
  row('EINVAL', /^(route|nexthop)\./, ({ value }) => `The gateway must be an address of another host: ${show(value['gateway'])} is one of this one, or none of a host`, /invalid gateway|local address/i),
  row('EINVAL', /^(route|nexthop)\./, 'Each link has addresses of that kind: say by dev which link is meant', /Egress device not specified/),
  row('EINVAL', /^route\./, ({ value }) => `This host has no address ${show(value['prefsrc'])}: give it to a link first (addr.add)`, /Invalid (prefsrc|source) address/),
  row('EINVAL', /^route\./, ({ value }) => `There is no nexthop ${show(value['nhid'])}: nexthop.add makes one`, /Nexthop id does not exist/),
  row('ENETDOWN', /^(route|nexthop)\./, 'The link is down: bring it up first (link.up)'),
  row('EADDRNOTAVAIL', /^addr\./, 'The link has no such address with this prefix length: addr.list({ dev }) gives those it has'),
  row('EACCES', /^addr\./, 'IPv6 is off on this link: its setting net/ipv6/conf/LINK/disable_ipv6 is 1', /disabled/),

  row('ESRCH', /^(route|rule)\.delete$/, ({ operation }) => notThere(operation)),
  row('ENOENT', /^rule\.delete$/, ({ operation }) => notThere(operation)),
  row('ENOENT', /^route\.change$/, 'There is no route to change: route.replace makes one where there is none'),
  row('ENOENT', /^(neigh|fdb|mdb|nexthop)\.(get|change|delete)$/, ({ operation }) => `There is none: ${operation.replace(/\..*/, '.list')} gives those there are`),
  row('ENOENT', /^(class|filter|action)\.(get|change|delete)$/, ({ operation }) => `There is none: ${operation.replace(/\..*/, '.list')} gives those there are`, /^(?!.*(module|classifier))/),
  row('ENOENT', /^qdisc\.delete$/, 'No qdisc was set there: one that the kernel gave the link by itself cannot be deleted'),
  row('ENOENT', /^qdisc\./, ({ value }) => missing(`qdisc ${String(value['kind'])}`, `sch_${String(value['kind'])}`), /kind is unknown|qdisc not found/i),
  row('ENOENT', /^(qdisc|class)\./, ({ value }) => `There is no qdisc or class ${String(value['parent'] ?? value['handle'])} on that link: qdisc.list({ dev }) gives those it has`),
  row('ENOENT', /^filter\./, ({ value }) => missing(`filter ${String(value['kind'])}`, `cls_${String(value['kind'])}`), /classifier not found|filter kind/i),
  row('ENOENT', /^(filter|action)\./, noAction, /action module/),
  row('EINVAL', /^filter\./, ({ value }) => `There is no qdisc ${String(value['parent'])} on that link: filters hang below one (qdisc.add)`, /Parent Qdisc/),

  row('EOPNOTSUPP', /^link\.(add|ensure)$/, ({ value }) => missing(`links of kind ${String(value['kind'])}`, `rtnl-link-${String(value['kind'])}`), /Unknown device type/),
  row('EOPNOTSUPP', /^link\.delete$/, 'The device was not made by netlink: such a one cannot be deleted'),
  row('EOPNOTSUPP', /^link\.change$/, ({ text, value }) => text !== undefined ? undefined
    : value['port'] !== undefined ? `The link is no port of a ${String(value['portKind'])}: options of a port are taken once it has a master`
    : value['options'] !== undefined ? `The link is not of kind ${String(value['kind'])}, or the kind takes no changes` : undefined),
  row('EBUSY', /^class\.delete$/, 'There are classes below it, or filters lead to it: delete those first'),
  row('EBUSY', /^link\./, ({ value }) => value['master'] || value['link'] ? 'A link is either the port of one other link or has macvlan and ipvlan links upon it, and this one is taken' : undefined),
];

/** What it takes, for an operation whose message may speak of another namespace. */
function lacking({ operation, value, privileges }: Refusal): string | undefined {
  const peer = nest(nest(value, 'options'), 'peer'), elsewhere = [value['netnsFd'], peer['netnsFd'], value['targetNetnsid']].some((one) => one !== undefined);
  return lackText(needsOf(operation, elsewhere), privileges());
}

const notThere = (operation: string): string =>
  operation.startsWith('route') ? 'No route has all of this: destination, table, metric (priority), gateway and link count where they are given. route.list gives those there are'
    : 'No rule has all of this: priority, table, addresses and marks count where they are given. rule.list gives those there are';

/** What may be done about a refusal, by operation and code. */
export function routeHint(refusal: Refusal): string | undefined {
  const found = rows.find(({ code, operations, words }) => code === refusal.code && operations.test(refusal.operation) && (words?.test(refusal.text ?? '') ?? true));
  return typeof found?.say === 'function' ? found.say(refusal) : found?.say;
}
