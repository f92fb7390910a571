import { type Socket, connect } from 'node:net';

import { expect, test } from 'vitest';

import { echoPage, requestText, startFront, statuses } from './front.ts';

const request = requestText('GET', '/page', { Host: 'portal.test' });

function open(port: number): Promise<Socket> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket));
    socket.on('error', () => undefined);
  });
}

function wholeAnswer(socket: Socket, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    socket.on('data', (data) => (text += data.toString('latin1'))).on('close', () => resolve(text));
    socket.write(bytes);
  });
}

test('one address may hold 256 connections; the next is closed, and a freed place can be taken again', async () => {
  const front = await startFront();
  const sockets = await Promise.all(Array.from({ length: 256 }, () => open(front.port)));
  expect(await wholeAnswer(await open(front.port), request)).toBe('');
  const [first] = sockets;
  await new Promise((resolve) => first?.once('close', resolve).resume().end());
  await expect.poll(async () => statuses(await wholeAnswer(await open(front.port), request))).toEqual([200]);
  for (const socket of sockets) socket.destroy();
  await front.close();
});

test('a trusted proxy may hold more, since it carries the connections of everybody', async () => {
  const front = await startFront({ TRUSTED_PROXIES: '127.0.0.1' });
  const sockets = await Promise.all(Array.from({ length: 300 }, () => open(front.port)));
  expect(statuses(await wholeAnswer(await open(front.port), request))).toEqual([200]);
  for (const socket of sockets) socket.destroy();
  await front.close();
});

test('closing lets the request in flight finish and then takes no more', async () => {
  const gate = Promise.withResolvers<undefined>();
  const arrived = Promise.withResolvers<undefined>();
  const front = await startFront({}, async (incoming, response, next, locals) => {
    arrived.resolve(undefined);
    await gate.promise;
    await echoPage(incoming, response, next, locals);
  });
  const answer = wholeAnswer(await open(front.port), 'GET /page HTTP/1.1\r\nHost: portal.test\r\n\r\n');
  await arrived.promise;
  const closed = front.server.close(10_000);
  gate.resolve(undefined);
  expect(statuses(await answer)).toEqual([200]);
  await closed;
  expect(await front.raw(request)).toBe('');
});

test('closing cuts off a request that does not finish in time', async () => {
  const arrived = Promise.withResolvers<undefined>();
  const front = await startFront({}, () => {
    arrived.resolve(undefined);
    return new Promise(() => undefined);
  });
  const answer = wholeAnswer(await open(front.port), request);
  await arrived.promise;
  await front.server.close(50);
  expect(await answer).toBe('');
});
