import { type AddressInfo, createServer } from 'node:net';

import { expect, test } from 'vitest';

import { formatRequest, parseResponse, requestRaw } from './raw-http.ts';

test('a raw request goes out exactly as it was written', async () => {
  const received: string[] = [];
  const server = createServer((socket) => {
    socket.on('data', (data) => {
      received.push(data.toString());
      socket.end('HTTP/1.1 400 Bad Request\r\nSet-Cookie: a\r\nset-cookie: b\r\n\r\nno');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const request = {
    target: '//x/../y',
    headers: [
      ['Host', 'a'],
      ['Host', 'b'],
    ],
  } as const;
  const response = await requestRaw((server.address() as AddressInfo).port, request);
  server.close();
  expect(received.join('')).toBe('GET //x/../y HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n');
  expect(received.join('')).toBe(formatRequest(request));
  expect([response.status, response.headers.get('set-cookie'), response.body]).toEqual([400, ['a', 'b'], 'no']);
});

test('a chunked answer is put together', () => {
  const raw = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n';
  expect(parseResponse(raw).body).toBe('abcde');
});
