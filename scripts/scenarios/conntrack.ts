import assert from 'node:assert/strict';
import { netfilterScenario as scenario, refused, type Scenarios } from '../scenario.ts';

const tcp = { src: '10.0.0.1', dst: '10.0.0.2', protocol: 'tcp', sport: 1001, dport: 80 } as const;
const known = ['conntrack -I -p tcp -s 10.0.0.1 -d 10.0.0.2 --sport 1001 --dport 80 --state ESTABLISHED -t 100 -m 7', 'conntrack -I -p udp -s fd00::1 -d fd00::2 --sport 53 --dport 54 -t 200'];

export const scenarios: Scenarios = {
  'list': scenario('Tracked connections of both families, and those of one protocol', known, async (nl) => {
    assert.equal((await nl.conntrack.list()).length, 2);
    assert.deepEqual((await nl.conntrack.list({ protocol: 'tcp' })).map(({ orig, mark }) => [orig, mark]), [[tcp, 7]]);
    assert.equal((await nl.conntrack.count()).entries, 2);
  }),
  'add': scenario('A connection is added, as if it had been seen, and again', [], async (nl) => {
    await nl.conntrack.add({ orig: tcp, timeout: 100, tcp: { state: 'established' } });
    await refused(nl.conntrack.add({ orig: tcp, timeout: 100 }), 'EEXIST');
    assert.equal((await nl.conntrack.get({ orig: tcp })).tcp?.state, 'established');
  }),
  'change': scenario('The mark of a connection is changed; one that is not there cannot be', known, async (nl) => {
    await nl.conntrack.change({ orig: tcp }, { mark: 9 });
    assert.equal((await nl.conntrack.get({ orig: tcp })).mark, 9);
    await refused(nl.conntrack.change({ orig: { ...tcp, sport: 1 } }, { mark: 9 }), 'ENOENT');
  }),
  'delete': scenario('A connection is forgotten, then it is not known', known, async (nl) => {
    await nl.conntrack.delete({ orig: tcp });
    await refused(nl.conntrack.delete({ orig: tcp }), 'ENOENT');
    assert.equal(await nl.conntrack.flush({ family: 'ip6' }), 1);
  }),
};
