import { once } from 'node:events';
import { type Socket, connect } from 'node:net';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { question } from '../verify/ask.ts';
import { type VerifierChild, type World, createWorld } from '../verify/world.ts';
import { openCallers } from './callers.ts';

const SLOW = 300;

let world: World;
let verifier: VerifierChild;
let sockets: Socket[];

beforeEach(async () => {
  world = await createWorld();
  verifier = await world.startVerifier();
  sockets = [];
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await world.close();
});

async function openSlow(port: number, text: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(text);
  sockets.push(socket);
  return socket;
}

test(
  'hundreds who never finish their headers hold up nobody, and are sent away in time (F14)',
  { timeout: 120_000 },
  async () => {
    const key = await world.addKey();
    const started = `GET /verify/nginx HTTP/1.1\r\nHost: x\r\nGatehouse-Secret: ${question('')['Gatehouse-Secret'] ?? ''}\r\nX-Slow: `;
    const slow = await Promise.all(Array.from({ length: SLOW }, () => openSlow(verifier.verifierPort, started)));
    const ended = slow.map((socket) => {
      socket.resume();
      return once(socket, 'close');
    });
    const drip = setInterval(() => {
      for (const socket of slow) if (!socket.destroyed) socket.write('x');
    }, 1000);
    const callers = openCallers(8);
    const outcomes = await Promise.all(
      Array.from({ length: 400 }, () => callers.ask(verifier.verifierPort, key.token)),
    );
    expect(new Set(outcomes)).toEqual(new Set(['allowed']));
    callers.close();
    await Promise.all(ended);
    clearInterval(drip);
  },
);

test('who never finishes a body, or never reads an answer, holds up nobody', async () => {
  const key = await world.addKey();
  const secret = question('')['Gatehouse-Secret'] ?? '';
  const body = `POST /v1/verify HTTP/1.1\r\nHost: x\r\nGatehouse-Secret: ${secret}\r\nContent-Length: 1000\r\n\r\n{"key":`;
  const many = Object.entries(question(key.token))
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
  const unread = `GET /verify/nginx HTTP/1.1\r\nHost: x\r\n${many}\r\n`.repeat(200);
  for (let count = 0; count < 100; count += 1) await openSlow(verifier.verifierPort, count % 2 === 0 ? body : unread);
  const callers = openCallers(8);
  const outcomes = await Promise.all(Array.from({ length: 200 }, () => callers.ask(verifier.verifierPort, key.token)));
  expect(new Set(outcomes)).toEqual(new Set(['allowed']));
  callers.close();
});
