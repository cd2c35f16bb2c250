import assert from 'node:assert/strict';
import { rule } from '../../src/netfilter/builder/builder.ts';
import { netfilterSockets, openNetfilter } from '../../src/netfilter/open.ts';
import { ownTable } from '../../src/netfilter/own.ts';
import { openRoute, routeSockets } from '../../src/open.ts';
import type { Scenarios } from '../scenario.ts';

const own = ownTable('ours', 'ip');

export const scenarios: Scenarios = {
  'publish': {
    title: 'A bridge, its address and the rule that hides what is behind it: two netlink families on one tape', setup: [],
    live: (netns) => (options) => (options.protocol === 12 ? netfilterSockets({ netns }) : routeSockets({ netns }))(options),
    async run(transport) {
      using nl = openRoute({ transport }), rules = openNetfilter({ transport });
      await nl.link.add({ name: 'br0', kind: 'bridge', address: '02:00:00:00:00:01', up: true });
      await nl.addr.add('br0', '172.24.133.1/24');
      await rules.transaction([
        own.reset(), own.chain({ name: 'post', type: 'nat', hook: 'postrouting', priority: 'srcnat' }),
        own.rule('post', rule().ip.saddr('172.24.133.0/24').oifname.not('br0').masquerade()),
      ]);
      assert.equal((await rules.rule.list({ family: 'ip', table: 'ours' })).length, 1);
      assert.equal((await nl.addr.list({ family: 'inet' })).length, 1);
    },
  },
};
