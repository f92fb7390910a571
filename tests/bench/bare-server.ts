import { createHttpServer, listen } from '../../src/verify/http-server.ts';

/** The floor to compare with: the verifier's server and settings, but every answer is the same. */
const server = createHttpServer((_, response) => {
  response.writeHead(200, ['Content-Length', '2']);
  response.end('ok');
}, 120_000);
const port = await listen(server, '127.0.0.1', 0);
process.send?.({ port });
process.on('disconnect', () => process.exit(0));
