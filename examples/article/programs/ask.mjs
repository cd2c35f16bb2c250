// Asks an HTTP server once, as curl would: prints the answer, or ends with code 1.
import { get } from 'node:http';

const [url, milliseconds] = process.argv.slice(2);
const fail = () => process.exit(1);
setTimeout(fail, Number(milliseconds));
get(url, { agent: false }, (response) => {
  response.on('end', () => process.exit(0));
  response.pipe(process.stdout);
}).on('error', fail);
