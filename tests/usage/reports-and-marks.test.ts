import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { type PlanLimits, plainLimits } from '../../src/plans/plan-limits.ts';
import type { UsageSchema } from '../../src/database/schema.ts';
import type { Meter } from '../../src/usage/meter.ts';
import type { UsageRecorder } from '../../src/usage/usage-recorder.ts';
import { type UsageStore, createUsageStore } from '../../src/usage/usage-store.ts';
import { type TestDatabase, forEachDialect, openUsageTestDatabase } from '../support/databases.ts';
import { openJournalFolder } from './journal-folder.ts';

const MARCH_MS = Date.UTC(2026, 2, 1);
const APRIL_MS = Date.UTC(2026, 3, 1);
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

  describe('a cost that is reported after the call', () => {
    test('is added, also beyond the quota, but calls are not counted by it', async () => {
      const byCalls = { ...plain, quotas: plain.quotas.map((quota) => ({ ...quota, counts: 'calls' as const })) };
      await take(1);
      expect(await recorder.report(await meter(), 812, nowMs, 'rep_1')).toBe(true);
      expect(await used()).toBe(813);
      await recorder.report(await meter(byCalls), 812, nowMs, 'rep_2');
      expect(await used(byCalls)).toBe(0);
    });

    test('counts once for an id: at once, later, and after a kill', async () => {
      const report = async (): Promise<boolean> => recorder.report(await meter(), 10, nowMs, 'rep_1');
      expect((await Promise.all([report(), report(), report()])).filter(Boolean)).toHaveLength(1);
      expect(await report()).toBe(false);
      recorder = await start();
      expect(await report()).toBe(false);
      await recorder.flush();
      expect(await report()).toBe(false);
      expect(await used()).toBe(10);
    });
  });

  describe('shares of a quota', () => {
    const shares = async (): Promise<number[]> =>
      (await store.listMarks(0)).map((mark) => mark.threshold_percent).toSorted((a, b) => a - b);

    test('are marked when they are reached, each once, also over a restart', async () => {
      await take(49);
      await recorder.flush();
      expect(await shares()).toEqual([]);
      await take(1);
      await recorder.flush();
      expect(await shares()).toEqual([50]);
      recorder = await start();
      await take(35);
      await recorder.flush();
      expect(await shares()).toEqual([50, 80]);
      expect((await store.listMarks(0))[0]).toMatchObject({ subscription_id: 'sub_1', quota_calls: 100, used: 50 });
      await recorder.report(await meter(), 900, nowMs, null);
      await recorder.flush();
      expect(await shares()).toEqual([50, 80, 90, 100]);
    });

    test('are marked anew in the next window', async () => {
      await take(100);
      await recorder.flush();
      nowMs = APRIL_MS;
      await take(50);
      await recorder.flush();
      expect(await shares()).toEqual([50, 50, 80, 90, 100]);
    });
  });
});
