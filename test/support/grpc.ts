import { once } from 'node:events';
import { connect } from 'node:http2';
import { connect as connectSocket } from 'node:net';
import { decode, encode, type Field } from './protobuf.ts';

/** Asks a gRPC service on a unix socket one question: `call(path, 'runtime.v1.RuntimeService/Version', [])`. */
export async function call(socket: string, method: string, fields: readonly Field[]): Promise<ReturnType<typeof decode>> {
  const session = connect('http://localhost', { createConnection: () => connectSocket(socket) });
  try {
    const request = session.request({ ':method': 'POST', ':path': `/${method}`, 'content-type': 'application/grpc', te: 'trailers' });
    const message = encode(fields), head = Buffer.alloc(5), chunks: Buffer[] = [];
    let status: Record<string, unknown> = {};
    for (const event of ['response', 'trailers'] as const) request.on(event, (headers: object) => (status = { ...status, ...headers }));
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    head.writeUInt32BE(message.length, 1);
    request.end(Buffer.concat([head, message]));
    await once(request, 'end');
    if (String(status['grpc-status']) !== '0') throw new Error(`${method}: ${decodeURIComponent(String(status['grpc-message']))}`);
    return decode(Buffer.concat(chunks).subarray(5));
  } finally {
    session.close();
  }
}
