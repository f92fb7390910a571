import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import type { UsageSchema } from '../../src/platform/schema.ts';
import { type UsageRecorder, createUsageRecorder } from '../../src/usage/usage-recorder.ts';
import { type UsageStore, createUsageStore } from '../../src/usage/usage-store.ts';
import type { NotedCall } from '../../src/usage/call-tally.ts';
import { type TestDatabase, openUsageTestDatabase } from '../support/databases.ts';

const MARCH_MS = Date.UTC(2026, 2, 1);
const APRIL_MS = Date.UTC(2026, 3, 1);

let opened: TestDatabase<UsageSchema>;
let store: UsageStore;
let recorder: UsageRecorder;
let nowMs: number;
let errors: unknown[];

beforeEach(async () => {
  opened = await openUsageTestDatabase('sqlite');
  store = createUsageStore(opened.database);
  nowMs = MARCH_MS;
  errors = [];
  recorder = newRecorder(store);
});
afterEach(() => opened.close());

function newRecorder(over: UsageStore): UsageRecorder {
  const onError = (error: unknown): void => void errors.push(error);
  return createUsageRecorder({
    store: over,
    clock: { nowMs: () => nowMs },
    onReadError: onError,
    onWriteError: onError,
  });
}

async function take(times: number, subscriptionId = 'sub_1', from = recorder): Promise<void> {
  for (let call = 0; call < times; call += 1) {
    await from.usageOf(subscriptionId, 'month', nowMs);
    from.take(subscriptionId, { calls: 1, atMs: nowMs });
  }
}

async function used(from = recorder): Promise<number> {
  return (await from.usageOf('sub_1', 'month', nowMs)).used;
}

function noted(columns: Partial<NotedCall> = {}): NotedCall {
  return {
    atMs: nowMs,
    keyId: 'key_1',
    applicationId: 'app_1',
    api: 'parcels',
    version: 'v2',
    operationId: 'listParcels',
    verdict: 'allowed',
    address: '203.0.113.9',
    leakedInQuery: false,
    ...columns,
  };
}

/** The real store, failing as often as a test says. */
function failing(operations: { add?: boolean; read?: boolean }): UsageStore {
  const fail = (): never => {
    throw new Error('disk full');
  };
  return {
    ...store,
    add: (batch) => (operations.add ? Promise.reject(new Error('disk full')) : store.add(batch)),
    findQuotaUsed: (...words) => (operations.read ? fail() : store.findQuotaUsed(...words)),
  };
}

describe('quotas', () => {
  test('go on after a restart where they were', async () => {
    await take(7);
    await recorder.stop();
    expect(await used(newRecorder(store))).toBe(7);
  });

  test('are counted per window; calls of the old one are still written to the old one', async () => {
    await take(3);
    nowMs = APRIL_MS;
    expect(await used()).toBe(0);
    await take(2);
    await recorder.flush();
    expect(await store.findQuotaUsed('sub_1', MARCH_MS)).toBe(3);
    expect(await store.findQuotaUsed('sub_1', APRIL_MS)).toBe(2);
  });

  test('that could not be written are kept, added once, and reported', async () => {
    const operations = { add: true };
    const troubled = newRecorder(failing(operations));
    await take(3, 'sub_1', troubled);
    await troubled.flush();
    await take(2, 'sub_1', troubled);
    await troubled.flush();
    expect(errors).toHaveLength(2);
    expect(await used(troubled)).toBe(5);
    operations.add = false;
    await troubled.flush();
    await troubled.flush();
    expect(await store.findQuotaUsed('sub_1', MARCH_MS)).toBe(5);
    expect(await used(troubled)).toBe(5);
  });

  test('that could not be read begin at zero, and the next write corrects them', async () => {
    await take(4);
    await recorder.flush();
    const troubled = newRecorder(failing({ read: true }));
    expect(await used(troubled)).toBe(0);
    expect(errors).toHaveLength(1);
    await take(1, 'sub_1', troubled);
    await troubled.flush();
    expect(await used(troubled)).toBe(5);
  });

  test('counted while a write is under way are written by the next', async () => {
    await take(2);
    const writing = recorder.flush();
    await take(3);
    await writing;
    expect(await used()).toBe(5);
    await recorder.stop();
    expect(await store.findQuotaUsed('sub_1', MARCH_MS)).toBe(5);
  });
});

test('a clock that jumps back gives the burst back from then on', async () => {
  await take(1);
  nowMs -= 86_400_000;
  const { burst } = await recorder.usageOf('sub_1', 'month', nowMs);
  expect(burst.atMs).toBeLessThanOrEqual(nowMs);
});

describe('noted calls', () => {
  test('are summed per hour, operation and verdict', async () => {
    for (let call = 0; call < 5; call += 1) recorder.note(noted());
    recorder.note(noted({ verdict: 'rate_limited' }));
    recorder.note(noted({ operationId: 'getParcel', version: 'v1' }));
    recorder.note(noted({ atMs: nowMs + 3_600_000 }));
    await recorder.flush();
    const rows = await opened.database.kysely
      .selectFrom('call_count')
      .select(['hour_start_ms', 'operation_id', 'verdict', 'calls'])
      .execute();
    expect(rows).toHaveLength(4);
    expect(rows).toContainEqual({ hour_start_ms: MARCH_MS, operation_id: 'listParcels', verdict: 'allowed', calls: 5 });
  });

  test('a leak is noted beside whatever comes after it', async () => {
    recorder.note(noted({ verdict: 'key_in_query', leakedInQuery: true }));
    recorder.note(noted({ atMs: nowMs + 5 }));
    await recorder.flush();
    expect(await store.keyActivities('app_1')).toMatchObject([{ lastVerdict: 'allowed', leakedInQueryAtMs: nowMs }]);
  });

  test('that could not be written are written once, later', async () => {
    const operations = { add: true };
    const troubled = newRecorder(failing(operations));
    troubled.note(noted({ leakedInQuery: true }));
    await troubled.flush();
    troubled.note(noted());
    operations.add = false;
    await troubled.flush();
    await troubled.flush();
    expect(await store.countAllowed(['app_1'], 0)).toBe(2);
    expect(await store.keyActivities('app_1')).toMatchObject([{ leakedInQueryAtMs: nowMs }]);
  });

  test('of more keys than may be kept do not grow memory without end', async () => {
    const troubled = newRecorder(failing({ add: true }));
    for (let key = 0; key < 60_000; key += 1) troubled.note(noted({ keyId: `key_${key}` }));
    let written = 0;
    const counting = {
      ...store,
      add: (batch: Parameters<UsageStore['add']>[0]) => Promise.resolve(((written = batch.counts.length), [])),
    };
    const bounded = newRecorder(counting);
    for (let key = 0; key < 60_000; key += 1) bounded.note(noted({ keyId: `key_${key}` }));
    await bounded.flush();
    expect(written).toBe(50_000);
  });
});
