import { once } from 'node:events';
import { type Socket, connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

import { expect, test } from 'vitest';

import { closeServer, createQuickHttpServer, listen } from '../../src/verify/http-server.ts';

const IDLE_MS = 150;

async function ask(socket: Socket): Promise<string> {
  socket.write('GET / HTTP/1.1\r\nHost: h\r\n\r\n');
  const [answer] = (await once(socket, 'data')) as [Buffer];
  return answer.toString('latin1');
}

test('a connection that is used stays, one that is not is closed, also one on which nothing ever came', async () => {
  const server = createQuickHttpServer((_, response) => response.end('ok'), 30_000, IDLE_MS);
  const port = await listen(server, '127.0.0.1', 0);
  const open = async (): Promise<Socket> => {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return socket;
  };
  const [used, unused, silent] = await Promise.all([open(), open(), open()]);
  const closed = [unused, silent].map((socket) => once(socket, 'close'));
  silent.resume();
  expect(await ask(unused)).toMatch(/^HTTP\/1\.1 200 OK/);
  unused.resume();
  for (let time = 0; time < 12; time += 1) {
    expect(await ask(used)).toMatch(/Connection: keep-alive/);
    await delay(IDLE_MS / 3);
  }
  await Promise.all(closed);
  expect(used.destroyed).toBe(false);
  expect(await ask(used)).toMatch(/ok$/);
  used.destroy();
  await closeServer(server);
});
