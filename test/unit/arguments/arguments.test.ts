import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openRoute } from '../../../src/index.ts';
import { openNetfilter } from '../../../src/netfilter/index.ts';
import type { Transport } from '../../../src/transport/transport.ts';

/** A socket that nothing may be asked of: arguments are looked at before that. */
const untouched: Transport = new Proxy({ receive: () => 0 } as unknown as Transport, {
  get(target, name) {
    if (name === 'receive' || name === 'close') return (target as never)[name] ?? (() => {});
    throw new Error(`${String(name)} was used`);
  },
});
const refused = (call: () => unknown, message: string): void =>
  assert.throws(call, (error: { code?: string; message: string }) => error.code === 'ERR_ARGUMENT' && error.message === message, message);
const wrong = (value: unknown): never => value as never;

test('options of the wrong sort are refused', () => {
  refused(() => openRoute({ timeout: wrong('5 s') }), 'openRoute: timeout must be a number of milliseconds, 0 or more, got "5 s"');
  refused(() => openRoute({ timeout: -1 }), 'openRoute: timeout must be a number of milliseconds, 0 or more, got -1');
  refused(() => openRoute({ timeout: NaN }), 'openRoute: timeout must be a number of milliseconds, 0 or more, got NaN');
  refused(() => openRoute({ buffer: 0.5 }), 'openRoute: buffer must be a number of bytes, 1 to 2147483647, got 0.5');
  refused(() => openRoute({ onWarning: wrong(true) }), 'openRoute: onWarning must be a function, got true');
  refused(() => openRoute({ transport: wrong({}) }), 'openRoute: transport must be a transport or a function that opens one, got an object of type Object');
  refused(() => openRoute(wrong('blue')), 'openRoute: the options must be an object, got "blue"');
  refused(() => openNetfilter({ sendBuffer: -1 }), 'openNetfilter: sendBuffer must be a number of bytes, 1 to 2147483647, got -1');
});

test('an option that there is not is named', () => {
  refused(() => openRoute(wrong({ timeOut: 5 })),
    'openRoute: there is no option "timeOut"; there are timeout, buffer, onWarning, ffi, netns, receiveBuffer, transport');
});

test('those of calls, batches and events too', () => {
  const nl = openRoute({ transport: untouched, timeout: undefined });
  refused(() => nl.with({ signal: wrong(null) }), 'with: signal must be an AbortSignal, got null');
  refused(() => nl.with({ gentle: wrong(1) }), 'with: gentle must be true or false, got 1');
  refused(() => nl.sync.batch(wrong([])), 'batch: build must be a function, got an object of type Array');
  refused(() => nl.events(wrong('link')), 'events: types must be an array, got "link"');
  refused(() => nl.events(['link'], { highWaterMark: 0 }), 'events: highWaterMark must be a whole number, 1 or more, got 0');
  nl.with({ signal: new AbortController().signal, timeout: Infinity });
});

test.run();
