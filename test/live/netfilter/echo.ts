/**
 * A server that answers each connection with who asked, or a client that prints such an answer: `serve PORT`, `ask
 * ADDRESS PORT`.
 */
import { connect, createServer } from 'node:net';

const [verb, ...rest] = process.argv.slice(2);
if (verb === 'serve') {
  createServer((socket) => socket.end(`hello ${socket.remoteAddress?.replace('::ffff:', '')}`)).listen(Number(rest[0]),
    '::', () => console.log('ready'));
} else {
  const socket = connect({ host: rest[0]!, port: Number(rest[1]), timeout: 3000 });
  socket.on('timeout', () => socket.destroy(new Error('timeout')));
  socket.on('error', (error: Error & { code?: string }) => console.log(`no: ${error.code ?? error.message}`));
  socket.pipe(process.stdout);
}
