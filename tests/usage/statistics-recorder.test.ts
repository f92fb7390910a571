import { afterEach, beforeEach, expect, test } from 'vitest';

import type { UsageSchema } from '../../src/database/schema.ts';
import { type StatisticsRecorder, createStatisticsRecorder } from '../../src/usage/statistics-recorder.ts';
import { type StatisticsStore, createStatisticsStore } from '../../src/usage/statistics-store.ts';
import { type UsageReadingStore, createUsageReadingStore } from '../../src/usage/usage-reading-store.ts';
import { type TestDatabase, openUsageTestDatabase } from '../support/databases.ts';
import { DAY_START_MS, answered, noted } from './counts.ts';

const HOUR_MS = 3_600_000;
const application = { of: 'application', applicationId: 'app_1' } as const;

let opened: TestDatabase<UsageSchema>;
let store: StatisticsStore;
let reading: UsageReadingStore;
let errors: unknown[];

beforeEach(async () => {
  opened = await openUsageTestDatabase('sqlite');
  store = createStatisticsStore(opened.database);
  reading = createUsageReadingStore(opened.database);
  errors = [];
});
afterEach(() => opened.close());

function newRecorder(over: Partial<StatisticsStore> = {}): StatisticsRecorder {
  return createStatisticsRecorder({ store: { ...store, ...over }, onWriteError: (error) => errors.push(error) });
}

const parts = (grain: 'hour' | 'day') => reading.parts({ scope: application, grain, sinceMs: 0 });

test('calls are summed per hour, operation and verdict', async () => {
  const recorder = newRecorder();
  for (let call = 0; call < 5; call += 1) recorder.note(noted());
  recorder.note(noted({ verdict: 'rate_limited' }));
  recorder.note(noted({ operationId: 'getParcel', version: 'v1' }));
  recorder.note(noted({ atMs: DAY_START_MS + HOUR_MS }));
  await recorder.flush();
  const rows = await reading.slots({ scope: application, grain: 'hour', sinceMs: 0 });
  expect(rows.map(({ startMs, verdict, calls }) => [startMs, verdict, calls]).sort()).toEqual([
    [DAY_START_MS, 'allowed', 6],
    [DAY_START_MS, 'rate_limited', 1],
    [DAY_START_MS + HOUR_MS, 'allowed', 1],
  ]);
});

test('an answer is counted with its call, also when it comes after the call was written', async () => {
  const recorder = newRecorder();
  recorder.note(noted());
  recorder.noteAnswer(answered());
  recorder.note(noted());
  await recorder.flush();
  recorder.noteAnswer(answered({ status: 503, latencyMs: 7000 }));
  recorder.noteAnswer(answered({ status: 304, latencyMs: null }));
  await recorder.flush();
  const measures = { calls: 2, answers_2xx: 1, answers_3xx: 1, answers_5xx: 1, latency_ms: 7020 };
  expect(await parts('day')).toMatchObject([{ ...measures, latency_25: 1, latency_more: 1 }]);
});

test('addresses of a key are noted with what they did', async () => {
  const recorder = newRecorder();
  for (const address of ['203.0.113.9', '2001:db8::1', '203.0.113.9', '']) recorder.note(noted({ address }));
  await recorder.flush();
  const seen = await reading.addresses('key_1', 10);
  expect(seen.map(({ address, calls }) => [address, calls]).sort()).toEqual([
    ['2001:db8::1', 1],
    ['203.0.113.9', 2],
  ]);
});

test('a caller that changes its address all the time leaves about a thousand of them', async () => {
  const recorder = newRecorder();
  for (let flush = 0; flush < 8; flush += 1) {
    for (let host = 0; host < 400; host += 1)
      recorder.note(noted({ address: `2001:db8:${flush}::${host}`, atMs: DAY_START_MS + flush * 1000 + host }));
    await recorder.flush();
  }
  const kept = await reading.addresses('key_1', 9999);
  expect(kept.length).toBeGreaterThanOrEqual(1000);
  expect(kept.length).toBeLessThanOrEqual(1500);
  expect(kept[0]?.address).toBe('2001:db8:7::399');
  expect((await parts('day'))[0]?.calls).toBe(3200);
});

test('a leak and the first call are kept beside whatever comes after them', async () => {
  const recorder = newRecorder();
  recorder.note(noted({ verdict: 'key_in_query', leakedInQuery: true }));
  recorder.note(noted({ atMs: DAY_START_MS + 5 }));
  await recorder.flush();
  expect(await reading.keyActivities('app_1')).toMatchObject([
    {
      ...{ lastVerdict: 'allowed', leakedInQueryAtMs: DAY_START_MS, firstCalledAtMs: DAY_START_MS },
      lastAllowedAtMs: DAY_START_MS + 5,
    },
  ]);
});

test('what could not be written is written once, later', async () => {
  let isBroken = true;
  const recorder = newRecorder({
    add: (batch) => (isBroken ? Promise.reject(new Error('disk full')) : store.add(batch)),
  });
  recorder.note(noted({ leakedInQuery: true }));
  await recorder.flush();
  expect(recorder.state()).toMatchObject({ isFailing: true, failedFlushes: 1 });
  recorder.note(noted({ atMs: DAY_START_MS + 9 }));
  recorder.noteAnswer(answered());
  await recorder.flush();
  isBroken = false;
  await recorder.flush();
  await recorder.flush();
  expect(recorder.state()).toMatchObject({ isFailing: false, failedFlushes: 2, dropped: 0 });
  expect(errors).toHaveLength(2);
  expect(await parts('hour')).toMatchObject([{ calls: 2, answers_2xx: 1 }]);
  expect(await reading.addresses('key_1', 9)).toMatchObject([
    { calls: 2, firstSeenAtMs: DAY_START_MS, lastSeenAtMs: DAY_START_MS + 9 },
  ]);
  expect(await reading.keyActivities('app_1')).toMatchObject([
    { leakedInQueryAtMs: DAY_START_MS, firstCalledAtMs: DAY_START_MS, lastCalledAtMs: DAY_START_MS + 9 },
  ]);
});

test('many keys are written in parts, so that calls need not wait for all of them', async () => {
  const sizes: number[] = [];
  const recorder = newRecorder({ add: (batch) => (sizes.push(batch.activities.length), store.add(batch)) });
  for (let key = 0; key < 250; key += 1) recorder.note(noted({ keyId: `key_${key}` }));
  await recorder.flush();
  expect(sizes).toEqual([50, 50, 50, 50, 50]);
  expect(await reading.keyActivities('app_1')).toHaveLength(250);
});

test('more keys than may be kept do not grow memory without end, and are reported', async () => {
  let written = 0;
  const recorder = newRecorder({ add: (batch) => Promise.resolve(void (written += batch.counts.length)) });
  for (let key = 0; key < 60_000; key += 1) recorder.note(noted({ keyId: `key_${key}` }));
  await recorder.flush();
  expect(written).toBe(50_000);
  expect(recorder.state().dropped).toBe(10_000);
});

test('stopping writes what is left', async () => {
  const recorder = newRecorder();
  recorder.start();
  recorder.note(noted());
  const flushing = recorder.flush();
  recorder.note(noted());
  await flushing;
  await recorder.stop();
  expect(await reading.countAllowed(['app_1'], 0)).toBe(2);
});

test('what cannot be gathered is reported, and what was noted is written', async () => {
  const gather = () => Promise.reject(new Error('out of memory'));
  const recorder = createStatisticsRecorder({ store, gather, onWriteError: (error) => errors.push(error) });
  recorder.note(noted());
  await recorder.stop();
  expect(errors).toEqual([new Error('out of memory')]);
  expect(await reading.countAllowed(['app_1'], 0)).toBe(1);
});
