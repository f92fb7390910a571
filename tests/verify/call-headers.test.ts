import { once } from 'node:events';
import { type IncomingMessage, createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';

import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { readCallHeaders, readCallLines } from '../../src/verify/call-headers.ts';

const received: Pick<IncomingMessage, 'headers' | 'rawHeaders'>[] = [];
const server = createServer(({ headers, rawHeaders }, response) => {
  received.push({ headers, rawHeaders });
  response.end();
});
beforeAll(() => once(server.listen(0, '127.0.0.1'), 'listening'));
afterAll(() => void server.close());

const READ = [
  'authorization',
  'x-api-key',
  'origin',
  'referer',
  'x-forwarded-for',
  'gatehouse-secret',
  'gatehouse-api',
];
READ.push('x-original-method', 'x-original-uri', 'x-forwarded-method', 'x-forwarded-uri');
const OTHERS = [
  'Accept',
  'Cookie',
  'Set-Cookie',
  'X-Other',
  '__proto__',
  'constructor',
  'toString',
  'Content-Type',
  'Via',
];

function spelling(name: string): fc.Arbitrary<string> {
  return fc.constantFrom(
    name,
    name.toUpperCase(),
    name.replace(/\b[a-z]/g, (letter) => letter.toUpperCase()),
  );
}

const line = fc.tuple(fc.constantFrom(...READ, ...OTHERS).chain(spelling), fc.constantFrom('a', 'b', 'a, b', ''));

test('what is read at once is what is read line by line, however often and in whatever spelling names come', async () => {
  const sets = fc.sample(fc.array(line, { maxLength: 9 }), { numRuns: 2000, seed: 11 });
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const lines = (set: readonly [string, string][]) => set.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  for (const [index, set] of sets.entries())
    socket.write(
      `GET / HTTP/1.1\r\nHost: h\r\n${lines(set)}${index === sets.length - 1 ? 'Connection: close\r\n' : ''}\r\n`,
    );
  await text(socket);
  expect(received).toHaveLength(sets.length);
  for (const request of received) expect(readCallHeaders(request)).toEqual(readCallLines(request.rawHeaders));
  const repeated = received.filter(({ rawHeaders }) => readCallLines(rawHeaders).repeated).length;
  expect(repeated).toBeGreaterThan(50);
  expect(repeated).toBeLessThan(sets.length / 2);
});

test('of two credentials that contradict each other none is hidden', () => {
  const rawHeaders = ['Authorization', 'Bearer a', 'Authorization', 'Bearer b'];
  expect(readCallHeaders({ headers: { authorization: 'Bearer a' }, rawHeaders })).toMatchObject({
    contradictory: true,
  });
});
