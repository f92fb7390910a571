import { expect, test } from 'vitest';

import { readEventLine } from '../../src/verify/event-line.ts';

const AT_MS = Date.UTC(2026, 2, 3, 10);
const line = (changes: object = {}) =>
  JSON.stringify({
    time: AT_MS / 1000,
    keyId: 'key_1',
    api: 'parcels',
    version: 'v2',
    operationId: 'listParcels',
    status: 200,
    latencySeconds: 0.25,
    ...changes,
  });
const event = {
  atMs: AT_MS,
  keyId: 'key_1',
  api: 'parcels',
  version: 'v2',
  operationId: 'listParcels',
  status: 200,
  latencyMs: 250,
};

test.each([
  ['numbers', line(), event],
  [
    'everything as text, as nginx writes its variables',
    line({ time: '1772532000.000', status: '200', latencySeconds: '0.250' }),
    event,
  ],
  ['milliseconds', line({ latencySeconds: undefined, latencyMs: 250 }), event],
  ['a date and time', line({ time: '2026-03-03T11:00:00+01:00' }), event],
  ['no latency', line({ latencySeconds: '' }), { ...event, latencyMs: null }],
  [
    'a call without a key',
    line({ keyId: '', api: '', version: '', operationId: '' }),
    { ...event, keyId: '', api: '', version: '', operationId: '' },
  ],
  ['an encoded operation', line({ operationId: 'pr%C3%BCfen' }), { ...event, operationId: 'prüfen' }],
  ['an operation with a percent sign', line({ operationId: '100%' }), { ...event, operationId: '100%' }],
])('a line with %s is an event', (_what, text, expected) => {
  expect(readEventLine(text)).toEqual({ ok: true, event: expected });
});

test('a line of the access log of Caddy is an event', () => {
  const text = JSON.stringify({
    level: 'info',
    ts: AT_MS / 1000,
    logger: 'http.log.access.log0',
    msg: 'handled request',
    request: { method: 'GET', host: 'api.test' },
    duration: 0.25,
    size: 12,
    status: 200,
    resp_headers: { Server: ['Caddy'], 'Gatehouse-Call': ['key_1 parcels v2 listParcels'] },
  });
  expect(readEventLine(text)).toEqual({ ok: true, event });
  const without = text.replace('Gatehouse-Call', 'Other');
  expect(readEventLine(without)).toMatchObject({ ok: true, event: { keyId: '' } });
});

test.each([
  ['no JSON', 'key_1 200'],
  ['a list', '[]'],
  ['null', 'null'],
  ['half an object', line().slice(0, -1)],
  ['a member that is not known', line({ tokn: 'x' })],
  ['no status', line({ status: undefined })],
  ['a status that is none', line({ status: 99 })],
  ['a status that is none, as text', line({ status: '000' })],
  ['a broken status', line({ status: 200.5 })],
  ['no time', line({ time: undefined })],
  ['a time in words', line({ time: 'today' })],
  ['a time that is no number', line({ time: 1e300 * 1e10 })],
  ['a negative latency', line({ latencySeconds: undefined, latencyMs: -1 })],
  ['a latency of days', line({ latencySeconds: '999999' })],
  ['a key id that is too long', line({ keyId: 'k'.repeat(201) })],
  ['a key id that is a list', line({ keyId: ['key_1'] })],
])('a line with %s is refused with a reason', (_what, text) => {
  expect(readEventLine(text)).toEqual({ ok: false, reason: expect.stringMatching(/\w/) as string });
});
