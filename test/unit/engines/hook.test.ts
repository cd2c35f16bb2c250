import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readAnnotations, readPort } from '../../../src/engines/hook/annotations.ts';
import { forget, recall, remember } from '../../../src/engines/hook/memory.ts';
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

test('what a container is connected by is remembered until it is disconnected, or cannot be connected', async () => {
  const state = mkdtempSync(join(tmpdir(), 'hook-')), asking = { container: 'a/b', netns: '', ifname: 'eth0', config: { name: 'web' } }, kept = (): string[] => readdirSync(join(state, 'hooks'));
  remember(state, asking);
  assert.equal([kept(), recall(state, 'a/b'), recall(state, 'a')], [['a%2Fb.json'], asking, undefined]);
  for (let again = 0; again < 2; again++) forget(state, 'a/b');
  assert.equal(kept(), []);
  const refused = hook({ hook: 'createRuntime', state, input: JSON.stringify({ id: 'c', pid: process.pid, annotations: { 'netlink-ts.network': '{"name":"no name"}' } }) });
  const { code, message } = await refused.then(() => assert.unreachable('it should have failed'), (error) => error);
  assert.equal([code, kept()], ['ERR_CNI_7', []]);
  assert.match(message, /^name must begin with a letter/);
  rmSync(state, { recursive: true });
});

test('the network is a file of the bundle, or stands in the annotation; what the container has of its own goes before', async () => {
  const state = mkdtempSync(join(tmpdir(), 'hook-')), bundle = { id: 'c', pid: process.pid, bundle: state }, network = { name: 'web', mode: 'ports', runtimeConfig: { mac: 'x' } };
  writeFileSync(join(state, 'net.json'), JSON.stringify(network));
  const said = async (annotations: object | undefined, file?: string): Promise<string> =>
    hook({ hook: 'prestart', state, file, input: JSON.stringify({ ...bundle, annotations }) }).then(() => assert.unreachable('it should have failed'), ({ message }) => message);
  assert.match(await said(undefined, 'net.json'), /^mac must be like .*, got "x"/);
  assert.match(await said({ 'netlink-ts.network': ` ${JSON.stringify(network)}` }), /^mac must be like .*, got "x"/);
  assert.match(await said({ 'netlink-ts.network': 'net.json', 'netlink-ts.mac': '02:00:00:00:00:07' }, 'other.json'), /^mode ports needs a prevResult/);
  assert.is(await said({ 'netlink-ts.ifname': '' }, 'net.json'), 'CNI_IFNAME is missing: ADD needs CNI_CONTAINERID, CNI_NETNS, CNI_IFNAME, CNI_PATH');
  assert.match(await said({ 'netlink-ts.mac': 'y' }, join(state, 'net.json')), /^mac must be like .*, got "y"/);
  rmSync(state, { recursive: true });
});

test.run();
