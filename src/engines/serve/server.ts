import { createServer, type Server } from 'node:net';
import { cni } from '../cni/program.ts';
import { CniError, errorAnswer } from '../cni/errors.ts';
import { newest } from '../cni/version.ts';
import { answerBytes, readRequest } from './request.ts';

export interface CniServerOptions {
  /** Where attachments and pools are kept; /run/netlink-ts unless given. */
  readonly state?: string | undefined;
}

/**
 * A server that answers as the CNI plugin does, for clients that start faster than we do. It is to listen on a unix
 * socket that only root may use: whoever asks can change the host's network.
 *
 *     cniServer().listen('/run/netlink-ts/net.sock');
 */
export function cniServer({ state }: CniServerOptions = {}): Server {
  return createServer({ allowHalfOpen: true }, (socket) => {
    const chunks: Buffer[] = [];
    socket.on('error', () => socket.destroy()); // who asked is gone; what was asked is done all the same
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('end', async () => {
      const request = readRequest(Buffer.concat(chunks));
      const answer = request !== undefined ? await cni({ ...request, state })
        : { exitCode: 1, output: JSON.stringify(errorAnswer(new CniError('decode', 'the request has no end of its variables'), newest)) } as const;
      socket.end(answerBytes(answer));
    });
  });
}
