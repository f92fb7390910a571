import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { quotaReachedMail } from '../../src/applications/quota-alert-mail.ts';
import { type QuotaAlertStore, createQuotaAlertStore } from '../../src/applications/quota-alert-store.ts';
import { createQuotaAlerts } from '../../src/jobs/alert-quotas.ts';
import { systemRandom } from '../../src/platform/random.ts';
import type { UsageSchema } from '../../src/database/schema.ts';
import { type QuotaMark, type UsageStore, createUsageStore } from '../../src/usage/usage-store.ts';
import { type TestDatabase, forEachDialect, openTestDatabase, openUsageTestDatabase } from '../support/databases.ts';
import { batchOf } from '../usage/journal-folder.ts';

const NOW_MS = Date.UTC(2026, 2, 3, 10);
const DAY_MS = 86_400_000;
const TODAY_MS = Date.UTC(2026, 2, 3);
const policy = { teamPercents: [50, 80, 90, 100], ownerPercents: [100] } as const;

forEachDialect((dialect) => {
  let portal: TestDatabase;
  let usage: TestDatabase<UsageSchema>;
  let alerts: QuotaAlertStore;
  let marks: UsageStore;
  let look: () => Promise<void>;

  beforeEach(async () => {
    portal = await openTestDatabase(dialect);
    usage = await openUsageTestDatabase(dialect);
    alerts = createQuotaAlertStore(portal.database);
    marks = createUsageStore(usage.database);
    look = newLook();
    await addCast();
  });
  afterEach(async () => {
    await portal.close();
    await usage.close();
  });

  const newLook = () =>
    createQuotaAlerts({ alerts, usage: marks, policy, clock: { nowMs: () => NOW_MS }, random: systemRandom });

  async function addCast(): Promise<void> {
    const { kysely } = portal.database;
    const account = { password_hash: '!', suspended_at_ms: null, created_at_ms: 0 };
    const addressed = (id: string) => ({ id, email: `${id}@consumer.example`, email_normalized: id });
    await kysely
      .insertInto('account')
      .values([
        { ...account, ...addressed('acc_member'), role: 'developer', email_verified_at_ms: 1 },
        { ...account, ...addressed('acc_viewer'), role: 'developer', email_verified_at_ms: 1 },
        { ...account, ...addressed('acc_unverified'), role: 'developer', email_verified_at_ms: null },
        { ...account, ...addressed('acc_owner'), role: 'owner', email_verified_at_ms: 1 },
      ])
      .execute();
    await kysely.insertInto('team').values({ id: 'team_1', name: 'Depot', created_at_ms: 0 }).execute();
    await kysely
      .insertInto('team_member')
      .values([
        { team_id: 'team_1', account_id: 'acc_member', role: 'admin' },
        { team_id: 'team_1', account_id: 'acc_viewer', role: 'viewer' },
        { team_id: 'team_1', account_id: 'acc_unverified', role: 'admin' },
      ])
      .execute();
    const application = { id: 'app_1', team_id: 'team_1', name: 'Scanner', description: '' };
    await kysely
      .insertInto('application')
      .values({ ...application, created_at_ms: 0, deleted_at_ms: null })
      .execute();
    await kysely.insertInto('api').values({ slug: 'parcels', title: '', summary: '', removed_at_ms: null }).execute();
    await kysely
      .insertInto('plan')
      .values({
        api_slug: 'parcels',
        slug: 'free',
        title: '',
        summary: '',
        scopes: '',
        rate_limit: 1,
        rate_window_seconds: 1,
        quota: 100,
        quota_period: 'day',
        position: 0,
        removed_at_ms: null,
      })
      .execute();
    const subscription = { id: 'sub_1', application_id: 'app_1', api_slug: 'parcels', plan_slug: 'free' };
    await kysely
      .insertInto('subscription')
      .values({ ...subscription, created_at_ms: 0, ended_at_ms: null })
      .execute();
  }

  function reach(percent: number, columns: Partial<QuotaMark> = {}): Promise<unknown> {
    const mark: QuotaMark = {
      counter: 'sub_1 cost day UTC',
      window_start_ms: TODAY_MS,
      window_end_ms: TODAY_MS + DAY_MS,
      threshold_percent: percent,
      subscription_id: 'sub_1',
      operation_id: '',
      key_id: '',
      quota_name: 'quota',
      quota_calls: 100,
      used: percent,
      at_ms: NOW_MS,
      ...columns,
    };
    return marks.add(batchOf([], { marksOf: () => [mark] }));
  }

  async function queued(): Promise<{ kind: string; payload: Record<string, unknown> }[]> {
    const rows = await portal.database.kysely.selectFrom('outbox').select(['kind', 'payload']).orderBy('id').execute();
    return rows.map(({ kind, payload }) => ({ kind, payload: JSON.parse(payload) as Record<string, unknown> }));
  }
  const mails = async (): Promise<unknown[]> =>
    (await queued())
      .filter(({ kind }) => kind === 'mail.quota_reached')
      .map(({ payload }) => [payload.accountId, payload.percent])
      .toSorted();
  const events = async (): Promise<unknown[]> =>
    (await queued())
      .filter(({ kind }) => kind === 'event')
      .map(({ payload }) => (payload.data as { threshold: number }).threshold)
      .toSorted();

  describe('a share of a quota', () => {
    test('is told once by mail and event, however often and by whomever it is looked for', async () => {
      await reach(80);
      await look();
      await look();
      await newLook()();
      await Promise.all([newLook()(), newLook()()]);
      expect(await mails()).toEqual([['acc_member', 80]]);
      expect(await events()).toEqual([80]);
    });

    test('that comes with others is one mail for the highest, and an event for each', async () => {
      for (const percent of [50, 80, 90, 100]) await reach(percent);
      await look();
      expect(await mails()).toEqual([
        ['acc_member', 100],
        ['acc_owner', 100],
      ]);
      expect(await events()).toEqual([100, 50, 80, 90]);
    });

    test('is told anew in the next window, and for another quota', async () => {
      await reach(50);
      await look();
      await reach(50, { window_start_ms: TODAY_MS + DAY_MS, at_ms: NOW_MS + DAY_MS });
      await reach(50, { counter: 'sub_1 cost month UTC', at_ms: NOW_MS + DAY_MS });
      await look();
      expect(await events()).toEqual([50, 50, 50]);
    });

    test('that a verifier writes late, with an older time, is told too', async () => {
      await reach(50);
      await look();
      await reach(80, { at_ms: NOW_MS - 30_000 });
      await look();
      expect(await events()).toEqual([50, 80]);
    });

    test('of a deleted application is nobody’s business', async () => {
      await portal.database.kysely.updateTable('application').set({ deleted_at_ms: 1 }).execute();
      await reach(100);
      await look();
      expect(await queued()).toEqual([]);
    });
  });

  describe('the choice of a team', () => {
    const audit = { atMs: NOW_MS, actor: 'acc_member', action: 'x', subject: 'app_1', teamId: 'team_1', details: {} };

    test('against mails holds for its members; events and owners are told all the same', async () => {
      expect(await alerts.isMailed(['team_1'], 'app_1')).toBe(true);
      expect(await alerts.setMailed(['team_1'], 'app_1', false, audit)).toBe(true);
      expect(await alerts.isMailed(['team_1'], 'app_1')).toBe(false);
      await reach(100);
      await look();
      expect(await mails()).toEqual([['acc_owner', 100]]);
      expect(await events()).toEqual([100]);
    });

    test('is for its own applications only', async () => {
      expect(await alerts.setMailed(['team_2'], 'app_1', false, audit)).toBe(false);
      expect(await alerts.isMailed(['team_2'], 'app_1')).toBeNull();
      expect(await alerts.isMailed(['team_1'], 'app_1')).toBe(true);
    });
  });

  describe('the mail', () => {
    const write = async (accountId: string, teams: string[], atMs = NOW_MS) => {
      const account = { id: accountId, email: 'x@consumer.example', suspendedAtMs: null };
      const accounts = {
        find: () => Promise.resolve({ ...account, role: accountId === 'acc_owner' ? 'owner' : 'developer' } as never),
        teamsOf: () => Promise.resolve(teams.map((id) => ({ id })) as never),
      };
      const deps = { accounts, alerts, clock: { nowMs: () => atMs }, publicUrl: 'https://portal.test' };
      const payload = { accountId, counter: 'sub_1 cost day UTC', windowStartMs: TODAY_MS, percent: 80 as const };
      return quotaReachedMail(deps, payload);
    };

    beforeEach(async () => {
      await reach(80);
      await look();
    });

    test('says what is used, of what, and when it renews, with the page of the reader', async () => {
      const mail = await write('acc_member', ['team_1']);
      expect(mail?.subject).toBe('Scanner has used 80 % of its quota');
      expect(mail?.text).toContain('has used 80 of 100 calls');
      expect(mail?.text).toContain('4 March 2026 at 00:00 UTC');
      expect(mail?.text).toContain('https://portal.test/applications/app_1/usage');
      const owner = await write('acc_owner', []);
      expect(owner?.text).toContain('of the team Depot');
      expect(owner?.text).toContain('https://portal.test/owner/quotas');
    });

    test('is not sent to who left the team, nor when the quota has renewed', async () => {
      expect(await write('acc_member', [])).toBeNull();
      expect(await write('acc_member', ['team_1'], NOW_MS + DAY_MS)).toBeNull();
    });
  });

  test('owners see all, newest first', async () => {
    await reach(50);
    await look();
    expect(await alerts.listSince(NOW_MS, { before: null, limit: 10 })).toMatchObject([
      { applicationName: 'Scanner', teamName: 'Depot', percent: 50, apiSlug: 'parcels', planSlug: 'free' },
    ]);
    expect(await alerts.listSince(NOW_MS + 1, { before: null, limit: 10 })).toEqual([]);
  });
});
