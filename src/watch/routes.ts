import { isDeepStrictEqual } from 'node:util';
import type { Route } from '../route/route/message.ts';
import { NLM_F } from '../wire/header.ts';
import { replace, type Announced, type Key, type Table, type Touched } from './table.ts';

/** Routes with the same keys compete: the kernel keeps them in an order, and `replace` means the first of them. */
const place = ({ family, table, dst, src, tos, priority }: Route): string =>
  `${family} ${table} ${dst}${src === undefined ? '' : ` from ${src}`}${tos ? ` tos ${tos}` : ''} metric ${priority ?? 0}`;

/** What tells apart routes with the same keys. Flags do not: they say how the route fares. */
function routeKey(route: Route): string {
  const { type, protocol, scope, prefsrc, gateway, via, oif, nhid, encap, metrics, multipath, newdst, flow, mark, pref } = route;
  const more = { via, encap, metrics, multipath: multipath?.map(({ flags, ...hop }) => hop), newdst, flow, mark, pref };
  const rest = JSON.stringify(more, (_key, value) => (typeof value === 'bigint' ? `${value}` : value));
  return [
    place(route), type, `proto ${protocol}`, `scope ${scope}`, prefsrc && `src ${prefsrc}`, gateway && `via ${gateway}`,
    oif !== undefined && `dev ${oif}`, nhid !== undefined && `nhid ${nhid}`, rest !== '{}' && rest,
  ].filter(Boolean).join(' ');
}

/**
 * A copy of the routing tables. What an event means depends on the routes with the same keys that are there: a new one
 * comes before them, behind them, or (NLM_F_REPLACE) in place of the first, which is not announced to be gone. For IPv6
 * a new way may become part of a multipath route, which is then announced as a whole; how it takes the place of others
 * depends on more than we are told, so that a fresh look is asked for.
 */
export function routeTable(): Table<Route> {
  const entries = new Map<Key, Route>();
  const places = new Map<string, Key[]>();

  const put = (key: Key, route: Route, at: string, index: number, touched?: Touched<Route>): void => {
    const before = entries.get(key), peers = places.get(at) ?? [];
    const known = before === undefined ? -1 : peers.indexOf(key);
    if (known >= 0 && known !== index) peers.splice(known, 1);
    if (known !== index || known < 0) peers.splice(Math.min(index, peers.length), 0, key);
    places.set(at, peers);
    entries.set(key, route);
    if (touched && !isDeepStrictEqual(before, route)) touched(key, before, route);
  };

  const drop = (key: Key, at: string, touched: Touched<Route>): boolean => {
    const before = entries.get(key), peers = places.get(at);
    if (before === undefined || !peers) return false;
    entries.delete(key);
    if (peers.length === 1) places.delete(at);
    else peers.splice(peers.indexOf(key), 1);
    touched(key, before, undefined);
    return true;
  };

  return {
    entries,
    load(route) {
      put(routeKey(route), route, place(route), Infinity);
    },
    apply({ action, item, flags }: Announced<Route>, touched) {
      const key = routeKey(item), at = place(item), peers = places.get(at) ?? [];
      const simple = item.family !== 'inet6' || (item.multipath === undefined && peers.every((peer) => entries.get(peer)!.multipath === undefined));
      if (action === 'del') return drop(key, at, touched) && simple;
      const there = entries.has(key);
      if (flags & NLM_F.REPLACE) {
        if (!there && peers.length > 0) drop(peers[0]!, at, touched);
        put(key, item, at, there ? peers.indexOf(key) : 0, touched);
        return simple && (item.family !== 'inet6' || peers.length <= 1);
      }
      put(key, item, at, flags & NLM_F.APPEND ? Infinity : 0, touched);
      return simple;
    },
    become(other, touched) {
      replace(entries, other.entries, touched);
      places.clear();
      for (const [key, route] of other.entries) {
        const at = place(route), peers = places.get(at);
        if (peers) peers.push(key);
        else places.set(at, [key]);
      }
    },
  };
}
