import { afterAll, beforeAll, expect, test } from 'vitest';

import { type Front, PUBLIC_URL, startFront } from './front.ts';

let front: Front;
beforeAll(async () => {
  front = await startFront();
});
afterAll(() => front.close());

const unsafeMethods = ['POST', 'PUT', 'PATCH', 'DELETE'];
const contentTypes = ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain', 'application/json', ''];
const foreign: [string, Record<string, string>][] = [
  ['no origin', {}],
  ['a foreign origin', { Origin: 'https://evil.test' }],
  ['the null origin', { Origin: 'null' }],
  ['our host without TLS', { Origin: 'http://portal.test' }],
  ['a name that starts like ours', { Origin: 'https://portal.test.evil.test' }],
  ['a cross-site fetch', { 'Sec-Fetch-Site': 'cross-site' }],
  ['a sibling site', { 'Sec-Fetch-Site': 'same-site' }],
  ['a cross-site fetch that claims our origin', { 'Sec-Fetch-Site': 'cross-site', Origin: PUBLIC_URL }],
  ['an address typed by hand', { 'Sec-Fetch-Site': 'none' }],
];

test.each(foreign)('%s changes nothing, by no method and no content type', async (_what, headers) => {
  const before = front.seen.length;
  for (const method of unsafeMethods) {
    for (const type of contentTypes) {
      const typed = type === '' ? headers : { ...headers, 'Content-Type': type };
      expect((await front.request(method, '/page', typed, 'a=1')).status).toBe(403);
    }
  }
  expect(front.seen.length).toBe(before);
});

test.each<[string, Record<string, string>]>([
  ['our origin', { Origin: PUBLIC_URL }],
  ['a same-origin fetch', { 'Sec-Fetch-Site': 'same-origin' }],
])('%s is let through', async (_what, headers) => {
  expect((await front.request('POST', '/page', headers, 'a=1')).status).toBe(200);
  for (const method of unsafeMethods)
    expect((await front.request(method, '/api/v1/x', headers, '{}')).status).toBe(200);
});

test('a safe method stays safe whatever an override header says', async () => {
  await front.request('GET', '/page', { 'X-HTTP-Method-Override': 'DELETE', Origin: 'https://evil.test' });
  expect(front.seen.at(-1)).toMatchObject({ method: 'GET' });
  expect(front.seen.at(-1)?.headers).not.toHaveProperty('x-http-method-override');
});

test('programs may call the management API without an origin, pages of other sites may not', async () => {
  expect((await front.request('POST', '/api/v1/keys', {}, '{}')).status).toBe(200);
  expect((await front.request('POST', '/api/v1/keys', { Origin: 'https://evil.test' }, '{}')).status).toBe(403);
  expect((await front.request('POST', '/api/v1/keys', { 'Sec-Fetch-Site': 'cross-site' }, '{}')).status).toBe(403);
  expect((await front.request('POST', '/apis', {}, '{}')).status).toBe(403);
});

test('mail programs may post the one-click link of a mail without an origin, pages of other sites may not', async () => {
  const path = '/notices/unsubscription?token=x';
  expect((await front.request('POST', path, {}, 'List-Unsubscribe=One-Click')).status).not.toBe(403);
  expect((await front.request('POST', path, { Origin: 'https://evil.test' }, '')).status).toBe(403);
  expect((await front.request('POST', '/notices/unsubscription/x', {}, '')).status).toBe(403);
});
