import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { type PlanLimits, plainLimits } from '../../src/plans/plan-limits.ts';
import type { UsageSchema } from '../../src/database/schema.ts';
import type { Meter } from '../../src/usage/meter.ts';
import { levelAt } from '../../src/usage/rate-limit.ts';
import type { UsageRecorder } from '../../src/usage/usage-recorder.ts';
import { type UsageStore, createUsageStore } from '../../src/usage/usage-store.ts';
import { type TestDatabase, forEachDialect, openUsageTestDatabase } from '../support/databases.ts';
import { openJournalFolder } from './journal-folder.ts';

const MARCH_MS = Date.UTC(2026, 2, 1);
const APRIL_MS = Date.UTC(2026, 3, 1);
const COUNTER = 'sub_1 cost month UTC';
const plain = plainLimits(1000, 1000, 100, 'month');

forEachDialect((dialect) => {
  let opened: TestDatabase<UsageSchema>;
  let store: UsageStore;
  let recorder: UsageRecorder;
  let nowMs: number;
  let errors: unknown[];
  let journals: ReturnType<typeof openJournalFolder>;

  beforeEach(async () => {
    opened = await openUsageTestDatabase(dialect);
    store = createUsageStore(opened.database);
    nowMs = MARCH_MS;
    errors = [];
    journals = openJournalFolder();
    recorder = await start();
  });
  afterEach(async () => {
    journals.close();
    await opened.close();
  });

  /** Starts another one where the last one stood, as after its process ended somehow. */
  function start(over: UsageStore = store): Promise<UsageRecorder> {
    const onError = (error: unknown): void => void errors.push(error);
    const clock = { nowMs: () => nowMs };
    return journals.open({ store: over, clock, onReadError: onError, onWriteError: onError });
  }

  async function meter(limits: PlanLimits = plain, keyId = 'key_1', operationId = 'list'): Promise<Meter> {
    return recorder.meterOf({ id: 'sub_1', limits }, keyId, operationId, nowMs);
  }

  async function take(times: number, limits = plain, cost = 1): Promise<void> {
    for (let call = 0; call < times; call += 1) recorder.take(await meter(limits), cost, nowMs);
    recorder.commit();
  }

  async function used(limits = plain): Promise<number | undefined> {
    return (await meter(limits)).quotas[0]?.used;
  }

  async function level(): Promise<number> {
    const rate = (await meter()).rates[0];
    return rate ? levelAt(rate, rate.limit, nowMs) : Number.NaN;
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
    test('go on after a clean end where they were', async () => {
      await take(7);
      await recorder.stop();
      expect(await store.findQuotaUsed(COUNTER, MARCH_MS)).toBe(7);
      recorder = await start();
      expect(await used()).toBe(7);
    });

    test('go on after a kill where they were, however often, and never count a call twice', async () => {
      for (let kill = 1; kill <= 5; kill += 1) {
        await take(3);
        if (kill % 2 === 0) await recorder.flush();
        await take(1);
        recorder = await start();
        expect(await used()).toBe(kill * 4);
        expect(await store.findQuotaUsed(COUNTER, MARCH_MS)).toBe(kill * 4);
      }
    });

    test('are counted per window; calls of the old one are still written to the old one', async () => {
      await take(3);
      nowMs = APRIL_MS;
      expect(await used()).toBe(0);
      await take(2);
      recorder = await start();
      expect(await store.findQuotaUsed(COUNTER, MARCH_MS)).toBe(3);
      expect(await store.findQuotaUsed(COUNTER, APRIL_MS)).toBe(2);
    });

    test('a clock that goes back to an earlier window finds what was used in it (F7)', async () => {
      await take(3);
      nowMs = APRIL_MS;
      await take(1);
      nowMs = MARCH_MS;
      expect(await used()).toBe(3);
      await take(1);
      await recorder.flush();
      expect(await used()).toBe(4);
      expect(await store.findQuotaUsed(COUNTER, MARCH_MS)).toBe(4);
    });

    test('that could not be written are kept, added once, and reported; a kill meanwhile loses none', async () => {
      const operations = { add: true };
      recorder = await start(failing(operations));
      await take(3);
      await recorder.flush();
      await take(2);
      await recorder.flush();
      expect(errors).toHaveLength(2);
      expect(await used()).toBe(5);
      recorder = await start(failing(operations));
      expect(await used()).toBe(5);
      await take(1);
      operations.add = false;
      await recorder.flush();
      await recorder.flush();
      expect(await store.findQuotaUsed(COUNTER, MARCH_MS)).toBe(6);
      expect(await used()).toBe(6);
    });

    test('that could not be read begin at zero, say so, and the next write corrects them', async () => {
      await take(4);
      await recorder.flush();
      recorder = await start(failing({ read: true }));
      expect((await meter()).quotas[0]).toMatchObject({ used: 0, isKnown: false });
      expect(errors).toHaveLength(1);
      await take(1);
      await recorder.flush();
      expect(await used()).toBe(5);
    });

    test('counted while a write is under way are written by the next', async () => {
      await take(2);
      const writing = recorder.flush();
      await take(3);
      await writing;
      expect(await used()).toBe(5);
      await recorder.stop();
      expect(await store.findQuotaUsed(COUNTER, MARCH_MS)).toBe(5);
    });

    test('keep what is used when the limit changes, and begin anew where the time is another', async () => {
      await take(8);
      expect(await used(plainLimits(5, 5, 3, 'month'))).toBe(8);
      expect(await used(plainLimits(1000, 1000, 100, 'day'))).toBe(0);
      expect(await used()).toBe(8);
    });

    test('a clock that jumps 400 days ahead and back loses nothing and gives nothing away (F7)', async () => {
      await take(5);
      nowMs += 400 * 86_400_000;
      expect(await used()).toBe(0);
      await take(2);
      await recorder.flush();
      nowMs -= 400 * 86_400_000;
      expect(await used()).toBe(5);
      recorder = await start();
      expect(await used()).toBe(5);
    });

    test('of two verifiers over one database each learns what the other counted when it writes', async () => {
      const other = openJournalFolder();
      const onError = (error: unknown): void => void errors.push(error);
      const clock = { nowMs: () => nowMs };
      const second = await other.open({ store, clock, onReadError: onError, onWriteError: onError });
      await take(2);
      second.take(await second.meterOf({ id: 'sub_1', limits: plain }, 'key_1', 'list', nowMs), 5, nowMs);
      await second.flush();
      await recorder.flush();
      expect(await used()).toBe(7);
      other.close();
    });
  });

  describe('per key and operation', () => {
    const [rateLimits, quotas] = [plain.rateLimits, plain.quotas];
    const limits: PlanLimits = {
      ...plain,
      perKey: { rateLimits: [], quotas: quotas.map((quota) => ({ ...quota, name: 'key-quota' })) },
      operations: { create: { rateLimits, quotas: [], cost: 5 } },
    };

    test('limits are counted besides those of the subscription, and for themselves', async () => {
      for (const [key, operation] of [
        ['key_1', 'list'],
        ['key_2', 'create'],
        ['key_2', 'list'],
      ] as const) {
        recorder.take(await meter(limits, key, operation), 1, nowMs);
      }
      const counted = async (key: string): Promise<number[]> =>
        (await meter(limits, key)).quotas.map(({ used }) => used);
      expect(await counted('key_1')).toEqual([3, 1]);
      expect(await counted('key_2')).toEqual([3, 2]);
      const rates = (await meter(limits, 'key_3', 'create')).rates;
      expect(rates.map(({ level: filled }) => filled)).toEqual([3, 1]);
      recorder.commit();
    });
  });

  describe('rate limits', () => {
    test('go on after a kill where they were, and give back what grew back meanwhile', async () => {
      await take(10);
      nowMs += 4000;
      recorder = await start();
      expect(await level()).toBe(6);
      recorder = await start();
      expect(await level()).toBe(6);
    });

    test('a clock that jumps back gives the burst back from then on (F7)', async () => {
      await take(1);
      nowMs -= 86_400_000;
      const held = await meter();
      expect(recorder.hold(held)).toBe(nowMs);
      expect(held.rates[0]?.atMs).toBeLessThanOrEqual(nowMs);
    });
  });
});
