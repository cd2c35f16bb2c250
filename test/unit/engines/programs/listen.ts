import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { listen } from '../../../../src/engines/serve/listen.ts';

/** `listen.ts http|net SOCKET`: a server that says nothing, on the socket that it was handed, if it was. */
const [kind, path] = process.argv.slice(2);
listen(kind === 'http' ? createHttpServer() : createServer(), path!, process.env);
