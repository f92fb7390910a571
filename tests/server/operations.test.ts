import { Writable } from 'node:stream';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { healthStatus, readHealth } from '../../src/platform/health.ts';
import { loggedPath } from '../../src/server/request-log.ts';
import { parseExposition } from '../support/exposition.ts';
import { type Front, startFront } from './front.ts';

const METRICS_TOKEN = 'test-metrics-token-of-32-characters';
const REQUEST_ID = /^[A-Za-z0-9]{12}-[0-9a-z]+$/;

let front: Front;
let withToken: Front;
beforeAll(async () => {
  front = await startFront();
  withToken = await startFront({ METRICS_TOKEN, TRUSTED_PROXIES: '127.0.0.1' });
});
afterAll(async () => {
  await front.close();
  await withToken.close();
});

describe('metrics of the portal', () => {
  test('are not there without a token in the settings', async () => {
    expect((await front.request('GET', '/metrics')).status).toBe(404);
    expect((await front.request('GET', '/metrics', { Authorization: 'Bearer ' })).status).toBe(404);
  });

  test.each([
    ['none', {}],
    ['another one', { Authorization: `Bearer ${METRICS_TOKEN}x` }],
    ['one of the same length', { Authorization: `Bearer ${METRICS_TOKEN.slice(1)}x` }],
    ['the right one in another scheme', { Authorization: `Basic ${METRICS_TOKEN}` }],
  ])('are refused with %s', async (_what, headers) => {
    const answer = await withToken.request('GET', '/metrics', headers);
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
  });

  test('count requests by method and status, in the format of Prometheus', async () => {
    await withToken.request('GET', '/page');
    const answer = await withToken.request('GET', '/metrics', { Authorization: `Bearer ${METRICS_TOKEN}` });
    expect(answer.status).toBe(200);
    const samples = parseExposition(answer.body);
    const names = samples.map(({ name }) => name);
    expect(names).toContain('process_cpu_seconds_total');
    expect(names).toContain('http_request_duration_seconds_bucket');
    const counted = samples.filter(({ name }) => name === 'http_request_duration_seconds_count');
    expect(counted.reduce((sum, { value }) => sum + value, 0)).toBeGreaterThanOrEqual(1);
  });
});

describe('health of the portal', () => {
  test.each(['/healthz', '/readyz'])('is told at %s', async (path) => {
    const answer = await front.request('GET', path);
    expect([answer.status, JSON.parse(answer.body)]).toMatchObject([200, { status: 'ok', reasons: [] }]);
  });

  test('says at /livez that the process runs, and nothing else', async () => {
    expect(await front.request('GET', '/livez')).toMatchObject({ status: 200, body: 'ok\n' });
  });

  const about = { version: '1', schema: 's' };
  const fine = { reason: 'fine', isFatal: true, isFine: () => true };
  const slow = { reason: 'slow', isFatal: false, isFine: () => Promise.resolve(false) };
  const broken = { reason: 'broken', isFatal: true, isFine: () => Promise.reject(new Error('no such table')) };
  test.each([
    ['ok', 200, [fine], []],
    ['degraded', 200, [fine, slow], ['slow']],
    ['unavailable', 503, [fine, slow, broken], ['slow', 'broken']],
  ] as const)('is %s with %i', async (status, code, checks, reasons) => {
    const health = await readHealth(checks, about);
    expect(health).toEqual({ status, ...about, reasons });
    expect(healthStatus(health)).toBe(code);
  });
});

describe('request ids', () => {
  test.each(['/page', '/nothing/at/all', '/healthz', '/robots.txt'])(
    'are on every answer, such as %s',
    async (path) => {
      const [one, other] = [await front.request('GET', path), await front.request('GET', path)];
      expect(one.headers.get('x-request-id')).toMatch(REQUEST_ID);
      expect(other.headers.get('x-request-id')).not.toBe(one.headers.get('x-request-id'));
    },
  );

  test('are kept from trusted proxies only', async () => {
    const given = { 'X-Request-Id': 'edge-7:42.abc' };
    expect((await withToken.request('GET', '/page', given)).headers.get('x-request-id')).toBe('edge-7:42.abc');
    expect((await front.request('GET', '/page', given)).headers.get('x-request-id')).toMatch(REQUEST_ID);
  });

  test.each(['short', 'with blanks in it', 'x'.repeat(129), '"quotes-and-more"', 'ünïcödé-ünïcödé'])(
    'that do not look like one are replaced, as %s',
    async (id) => {
      const answer = await withToken.request('GET', '/page', { 'X-Request-Id': id });
      expect(answer.headers.get('x-request-id')).toMatch(REQUEST_ID);
    },
  );
});

test.each([
  ['/applications/app_4fTq8Zk2Lm9XcVbN1aSd/usage?range=7d', '/applications/app_4fTq8Zk2Lm9XcVbN1aSd/usage'],
  ['/verify-email?token=abc', '/verify-email'],
  ['/calendars/aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY.ics', '/calendars/[…]'],
  [
    '/notices/2026-10-08-list-cursors-accepted-from-other-applications',
    '/notices/2026-10-08-list-cursors-accepted-from-other-applications',
  ],
])('the path of %s is logged as %s', (url, path) => {
  expect(loggedPath(url)).toBe(path);
});

test('a line of the log has the id of the answer, and neither query nor headers', async () => {
  const lines: string[] = [];
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString('utf8'));
      done();
    },
  });
  const logged = await startFront({}, undefined, sink);
  const answer = await logged.request('GET', '/page?token=secret-words', { Cookie: 'gatehouse=cookie-words' });
  await expect.poll(() => lines).toHaveLength(1);
  await logged.close();
  const line = JSON.parse(lines[0] ?? '') as Record<string, unknown>;
  expect(line).toMatchObject({
    ...{ requestId: answer.headers.get('x-request-id'), method: 'GET', path: '/page', status: 200, msg: 'request' },
    tookMs: expect.any(Number) as number,
  });
  expect(lines.join('')).not.toMatch(/secret-words|cookie-words/);
});
