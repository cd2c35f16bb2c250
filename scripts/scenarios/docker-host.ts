import assert from 'node:assert/strict';
import { netfilterScenario, scenario, type Scenario, type Scenarios } from '../scenario.ts';

const onDocker = (made: Scenario): Scenario => ({ ...made, docker: true });

export const scenarios: Scenarios = {
  'links': onDocker(scenario('The links of a docker host: a bridge, and the near ends of two pairs', [], async (nl) => {
    const links = await nl.link.list(), bridge = links.find(({ name }) => name === 'docker0')!;
    assert.equal(bridge.kind, 'bridge');
    const ports = links.filter(({ master }) => master === bridge.index);
    assert.deepEqual(ports.map(({ kind, portKind, linkNetnsid }) => [kind, portKind, typeof linkNetnsid]), Array(2).fill(['veth', 'bridge', 'number']));
  })),
  'addresses': onDocker(scenario('The addresses of a docker host', [], async (nl) => {
    assert.ok((await nl.addr.list({ family: 'inet' })).some(({ address, label }) => address === '172.17.0.1/16' && label === 'docker0'));
  })),
  'routes': onDocker(scenario('The routes of a docker host', [], async (nl) => {
    assert.ok((await nl.route.list({ table: 'main' })).some(({ dst, prefsrc }) => dst === '172.17.0.0/16' && prefsrc === '172.17.0.1'));
  })),
  'neighbours': onDocker(scenario('The neighbours of a docker host', [], async (nl) => assert.ok(Array.isArray(await nl.neigh.list())))),
  'forwarding': onDocker(scenario('The forwarding table of the bridge of a docker host', [], async (nl) => {
    assert.ok((await nl.fdb.list({ master: 'docker0' })).length > 2);
  })),
  'rules': onDocker(scenario('The routing rules of a docker host', [], async (nl) => {
    assert.ok((await nl.rule.list({ family: 'inet' })).length === 3);
  })),
  'namespaces': onDocker(scenario('The numbers that a docker host has for the namespaces of its containers', [], async (nl) => {
    assert.equal((await nl.nsid.list()).length, 2);
  })),
  'nft': onDocker(netfilterScenario('The rules of a docker host, as iptables keeps them in nf_tables', [], async (nl) => {
    assert.ok((await nl.table.list()).some(({ family, name }) => family === 'ip' && name === 'nat'));
    assert.ok((await nl.chain.list({ family: 'ip', table: 'nat' })).some(({ name }) => name === 'DOCKER'));
    const rules = await nl.rule.list({ family: 'ip' });
    assert.ok(rules.some(({ table, chain, expressions }) => table === 'nat' && chain === 'DOCKER' && expressions.some(({ name }) => name === 'target' || name === 'nat')));
  })),
};
