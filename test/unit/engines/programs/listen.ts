import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { listen } from '../../../../src/engines/serve/listen.ts';

/** `listen.ts http|net SOCKET`: a server that says nothing. */
const [kind, path] = process.argv.slice(2);
listen(kind === 'http' ? createHttpServer() : createServer(), path!, {});
