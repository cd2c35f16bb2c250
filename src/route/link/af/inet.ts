import { get32, getInt32, type Memory } from '../../../bytes/memory.ts';
import { EncodeError, within } from '../../../errors.ts';
import { walk } from '../../../schema/arrays.ts';
import { attribute, attributes } from '../../../schema/attributes.ts';
import { show, type Codec } from '../../../schema/codec.ts';
import { s32 } from '../../../schema/numbers.ts';

/** IPV4_DEVCONF_ of include/uapi/linux/ip.h, from 1 on: the settings in /proc/sys/net/ipv4/conf/DEV. */
const names = [
  'forwarding', 'mcForwarding', 'proxyArp', 'acceptRedirects', 'secureRedirects', 'sendRedirects', 'sharedMedia',
  'rpFilter', 'acceptSourceRoute', 'bootpRelay', 'logMartians', 'tag', 'arpfilter', 'mediumId', 'noxfrm',
  'nopolicy', 'forceIgmpVersion', 'arpAnnounce', 'arpIgnore', 'promoteSecondaries', 'arpAccept', 'arpNotify',
  'acceptLocal', 'srcVmark', 'proxyArpPvlan', 'routeLocalnet', 'igmpv2UnsolicitedReportInterval',
  'igmpv3UnsolicitedReportInterval', 'ignoreRoutesWithLinkdown', 'dropUnicastInL2Multicast', 'dropGratuitousArp',
  'bcForwarding', 'arpEvictNocarrier',
] as const;

const numbers = new Map<string, number>(names.map((name, i) => [name, i + 1]));

/** Settings by name; those of a later kernel by number. */
export type InetConf = { -readonly [K in (typeof names)[number]]?: number | undefined } & {
  [number: `${number}`]: number;
};

/**
 * IFLA_INET_CONF: the kernel reports an array of all settings and takes a nest of those to change. A nest is told from
 * an array by its first number, which would be an odd value for `forwarding`.
 */
const conf: Codec<InetConf> = {
  label: 'inet settings', size: 0,
  read(m, at, end) {
    const settings: { [name: string]: number } = {};
    const put = (number: number, value: number) => { settings[names[number - 1] ?? number] = value; };
    if (isNest(m, at, end)) walk(m, at, end, (_start, from, _to, type) => put(type, getInt32(m, from)));
    else for (let i = 1; at + 4 <= end; i++, at += 4) put(i, getInt32(m, at));
    return settings as InetConf;
  },
  write(w, settings, owner, base) {
    if (typeof settings !== 'object' || settings === null)
      throw new EncodeError(`must be an object, got ${show(settings)}`);
    for (const [name, value] of Object.entries(settings)) {
      if (value === undefined) continue;
      const number = numbers.get(name) ?? Number(name);
      if (!(number >= 1 && number < 0x4000)) throw new EncodeError(`there is no setting "${name}"`);
      const start = w.open(number);
      try {
        s32.write(w, value, owner, base);
      } catch (error) {
        throw within(error, name);
      }
      w.close(start);
    }
  },
};

const isNest = (m: Memory, at: number, end: number): boolean => {
  const first = end - at >= 8 ? get32(m, at) : 0;
  return (first & 0xffff) === 8 && first >>> 16 !== 0;
};

/** IFLA_INET_ of include/uapi/linux/if_link.h. */
export const inetSpec = attributes({
  conf: attribute('IFLA_INET_CONF', 1, conf),
});
