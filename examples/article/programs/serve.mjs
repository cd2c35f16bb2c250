// A program in a container, as it might be: an HTTP server that says whose it is.
import { createServer } from 'node:http';

const [name, port] = process.argv.slice(2);
createServer((_, response) => response.end(`hello from the ${name}\n`))
  .listen(Number(port), '0.0.0.0', () => console.log('listening'));
