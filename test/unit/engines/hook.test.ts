import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readAnnotations, readPort } from '../../../src/engines/hook/annotations.ts';
import { hook } from '../../../src/engines/hook/program.ts';

test('annotations of ours are read, others are let alone', () => {
  assert.equal(readAnnotations({ 'org.other': 'x', 'netlink-ts.network': 'web.json', 'netlink-ts.ips': '10.0.0.7, fd00::7', 'netlink-ts.mac': '02:00:00:00:00:07', 'netlink-ts.ports': '8080:80,53:53/udp' }), {
    network: 'web.json', ifname: undefined,
    runtimeConfig: { ips: ['10.0.0.7', 'fd00::7'], mac: '02:00:00:00:00:07', portMappings: [{ hostPort: 8080, containerPort: 80, protocol: 'tcp' }, { hostPort: 53, containerPort: 53, protocol: 'udp' }] },
  });
  assert.equal(readAnnotations({}), { network: undefined, ifname: undefined, runtimeConfig: {} });
  assert.throws(() => readAnnotations({ 'netlink-ts.ip': '10.0.0.7' }), /there is no annotation netlink-ts\.ip: /);
});

test('ports are spelled as docker spells them', () => {
  assert.equal(readPort('127.0.0.1:5353:53/udp'), { hostIP: '127.0.0.1', hostPort: 5353, containerPort: 53, protocol: 'udp' });
  assert.equal(readPort('[::1]:8080:80'), { hostIP: '::1', hostPort: 8080, containerPort: 80, protocol: 'tcp' });
  for (const bad of ['80', '8080:', 'x:80', '8080:80:', '::1:8080:80', '8080:80/']) assert.throws(() => readPort(bad), /a port is spelled like/);
});

test('a state that cannot be used is told, and what nobody was connected by is not disconnected', async () => {
  const refused = async (name: string, input: string, file?: string): Promise<string> =>
    hook({ hook: name, input, file, state: '/nowhere' }).then(() => assert.unreachable('it should have failed'), ({ message }) => message);
  assert.match(await refused('startContainer', '{}'), /nothing to do in the hook "startContainer": createRuntime, prestart, poststop/);
  assert.match(await refused('createRuntime', '{'), 'the state is no JSON');
  for (const id of [undefined, '', 7]) assert.match(await refused('createRuntime', JSON.stringify({ id })), 'the state has no id');
  assert.match(await refused('createRuntime', '{"id":"c"}'), 'no network is named');
  assert.match(await refused('prestart', '{"id":"c"}', 'net.json'), 'the state of c has no pid');
  assert.match(await refused('createRuntime', '{"id":"c","pid":1,"bundle":"/nowhere"}', 'net.json'), '/nowhere/net.json');
  assert.match(await refused('createRuntime', '{"id":"c","pid":1,"annotations":{"netlink-ts.network":"{"}}'), 'netlink-ts.network is no JSON');
  await hook({ hook: 'poststop', input: '{"id":"c"}', state: '/nowhere' });
});

test.run();
