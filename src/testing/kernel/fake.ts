import { get32 } from '../../bytes/memory.ts';
import { errno } from '../../errno.ts';
import { DecodeError, SystemError } from '../../errors.ts';
import { routeProtocol } from '../../route/protocol.ts';
import { eachHeader, memoryCopy } from '../../transport/tape.ts';
import type { OpenTransport } from '../../transport/transport.ts';
import { headerSize, NLM_F } from '../../wire/header.ts';
import { addrHandlers } from './addr.ts';
import { faults, refusalOf, type Fault, type Trouble } from './fault.ts';
import { linkHandlers } from './link.ts';
import { neighHandlers } from './neigh.ts';
import { nsidHandlers } from './nsid.ts';
import { isRefusal, type Refusal } from './refusal.ts';
import { isDump, readRequest, type Handler, type Request } from './request.ts';
import { routeHandlers } from './route.ts';
import { ruleHandlers } from './rule.ts';
import { fakeSocket, type FakeSocket } from './socket.ts';
import { newSpace, type Space } from './state.ts';
import { inDatagrams, writeDone, writeError, writeMessage } from './write.ts';

const handlers: { readonly [type: number]: Handler } = { ...linkHandlers, ...addrHandlers, ...routeHandlers, ...ruleHandlers, ...neighHandlers, ...nsidHandlers };

export interface FakeKernelOptions {
  /** Names of network namespaces besides the one that sockets are opened in. */
  readonly namespaces?: readonly string[] | undefined;
  /** Whether callers have CAP_NET_ADMIN; without it every change is refused with EPERM. True. */
  readonly privileged?: boolean | undefined;
  /** Bytes of a datagram of a dump: with few, a dump comes in many parts. 8192. */
  readonly dumpBytes?: number | undefined;
  /** Whether a refusal repeats the request's header alone (NLM_F_CAPPED), as kernels since 4.2 do on demand. True. */
  readonly capped?: boolean | undefined;
  /** Milliseconds that every answer is late; 0 is inside send(), as with the real one. */
  readonly late?: number | undefined;
  readonly faults?: readonly Fault[] | undefined;
}

/** A kernel in memory. It answers bytes with bytes, for links, addresses, routes, rules, neighbours and namespaces. */
export interface FakeKernel {
  /** Opens sockets in its first namespace: `openRoute({ transport: kernel.open })`. */
  readonly open: OpenTransport;
  /** Opens sockets in a namespace of this name. Throws ENOENT where there is none. */
  in(namespace: string): OpenTransport;
  /** Makes a namespace, as `ip netns add` does. */
  addNamespace(name: string): void;
  /** Lets requests to come go wrong. */
  inject(...faults: readonly Fault[]): void;
  /** The messages that were sent to it, by name: `['RTM_GETLINK', 'RTM_NEWLINK']`. */
  readonly requests: readonly string[];
  /** How many sockets are open. */
  readonly sockets: number;
}

const first = '';

/** Makes a kernel in memory, with a loopback device and the usual rules in each namespace. */
export function fakeKernel(options: FakeKernelOptions = {}): FakeKernel {
  const { privileged = true, dumpBytes = 8192, capped = true, late: always = 0 } = options;
  const spaces = new Map<string, Space>(), descriptors: Space[] = [], requests: string[] = [], waiting = faults();
  let sockets = 0, ports = 0;
  /** What becomes of the events of the request that is being done. */
  let eventTrouble: 'unreadable' | 'lost' | undefined;
  for (const name of [first, ...(options.namespaces ?? [])]) spaces.set(name, newSpace(name));
  waiting.add(...(options.faults ?? []));

  const spaceNamed = (name: string): Space => spaces.get(name) ?? fail('open', errno.ENOENT, `/run/netns/${name}`);

  const openIn = (space: Space): OpenTransport => (socketOptions) => {
    sockets++;
    const socket: FakeSocket = fakeSocket(4_000 + ++ports, socketOptions, {
      sent(bytes) {
        const all = memoryCopy(bytes);
        eachHeader(all, bytes.length, (at, end) => answer(space, socket, bytes.slice(at, end)));
      },
      openNamespace(path) {
        descriptors.push(spaceNamed(/^\/run\/netns\/(.*)$/.exec(path)?.[1] ?? path));
        return firstDescriptor + descriptors.length - 1;
      },
      closed() {
        sockets--;
        space.listeners.delete(listen);
      },
    });
    const listen = (group: number, type: number, value: object): void => {
      if (!socket.groups.has(group)) return;
      if (eventTrouble === 'lost') return socket.overrun();
      const bytes = writeMessage(type, value, 0, { sequence: 0, port: 0 }, routeProtocol);
      socket.deliver(eventTrouble === 'unreadable' ? bytes.subarray(0, -4) : bytes);
    };
    space.listeners.add(listen);
    return socket;
  };

  function answer(space: Space, socket: FakeSocket, bytes: Uint8Array): void {
    const memory = memoryCopy(bytes), receiver = { sequence: get32(memory, 8), port: socket.port };
    const wantsAck = (memory.u16[3]! & NLM_F.ACK) !== 0;
    let troubles: Trouble[] = [], refusal: Refusal | undefined, datagrams: Uint8Array[] = [], isList = false;
    try {
      const request: Request = { ...readRequest(bytes, memory, routeProtocol), space, namespace: (fd) => descriptors[fd - firstDescriptor] ?? fail('fd', errno.EBADF) };
      requests.push(request.cName);
      troubles = waiting.of(request);
      isList = isDump(request);
      refusal = refusalOf(troubles);
      eventTrouble = troubles.find((trouble) => 'events' in trouble)?.events;
      if (!refusal) datagrams = run(request, receiver, troubles);
    } catch (error) {
      if (error instanceof DecodeError || error instanceof SystemError) refusal = { errno: error instanceof SystemError ? error.errno : errno.EINVAL };
      else if (isRefusal(error)) refusal = error;
      else throw error;
    } finally {
      eventTrouble = undefined;
    }
    const warning = troubles.find((trouble) => 'warn' in trouble)?.warn;
    if (refusal) datagrams = [writeError(refusal, memory, receiver, routeProtocol, capped)];
    else if ((wantsAck && !isList) || warning !== undefined) datagrams.push(writeError({ errno: 0, text: warning }, memory, receiver, routeProtocol, true));
    deliver(socket, datagrams, troubles, isList, writeError({ errno: 0 }, memory, receiver, routeProtocol, true));
  }

  function run(request: Request, receiver: { sequence: number; port: number }, troubles: readonly Trouble[]): Uint8Array[] {
    const handler = handlers[request.type];
    if (!handler) throw new SystemError('send', -errno.EOPNOTSUPP);
    if (handler.changes && !privileged) throw new SystemError('send', -errno.EPERM);
    const answer = handler.run(request), isList = isDump(request);
    if (!answer) return [];
    const interrupted = troubles.some((trouble) => 'interrupt' in trouble) ? NLM_F.DUMP_INTR : 0, flags = isList ? NLM_F.MULTI | interrupted : 0;
    const messages = answer.values.map((value) => writeMessage(answer.type, value, flags, receiver, routeProtocol));
    return isList ? [...inDatagrams(messages, dumpBytes), writeDone(interrupted, receiver)] : messages;
  }

  function deliver(socket: FakeSocket, datagrams: readonly Uint8Array[], troubles: readonly Trouble[], isList: boolean, forged: Uint8Array): void {
    let late = always, cut = 0;
    for (const trouble of troubles) {
      if ('silent' in trouble) return;
      if ('lose' in trouble) return socket.overrun();
      if ('late' in trouble) ({ late } = trouble);
      if ('truncate' in trouble) cut = trouble.truncate;
      if ('stranger' in trouble) socket.deliver(forged, { sender: trouble.stranger });
    }
    for (const bytes of datagrams) socket.deliver(cut > 0 ? bytes.subarray(0, Math.max(headerSize, bytes.length - cut)) : bytes, { late, isDump: isList });
  }

  return {
    open: openIn(spaceNamed(first)),
    in: (namespace) => openIn(spaceNamed(namespace)),
    addNamespace(name) {
      if (spaces.has(name)) fail('open', errno.EEXIST, `/run/netns/${name}`);
      spaces.set(name, newSpace(name));
    },
    inject: waiting.add,
    requests,
    get sockets() {
      return sockets;
    },
  };
}

/** Descriptors of namespaces: numbers that no process has open. */
const firstDescriptor = 1_000_000;

function fail(call: string, number: number, about?: string): never {
  throw new SystemError(call, -number, about);
}
