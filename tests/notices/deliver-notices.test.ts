import { afterEach, beforeEach, expect, test } from 'vitest';

import { deliverNotices } from '../../src/jobs/deliver-notices.ts';
import { changeMailPreference } from '../../src/notices/change-mail-preference.ts';
import type { MailPreference } from '../../src/notices/notice.ts';
import { OUTBOX_MOST } from '../../src/notices/notice-delivery-store.ts';
import { remindCallers } from '../../src/notices/remind-callers.ts';
import { newId, systemRandom } from '../../src/platform/random.ts';
import { forEachDialect } from '../support/databases.ts';
import {
  type Consumer,
  DAY_MS,
  HOUR_MS,
  NOW_MS,
  type Newsroom,
  advisory,
  deprecation,
  openNewsroom,
} from './newsroom.ts';

const LEAK = '2026-11-24-leak';
const END = '2026-11-24-v1-ends';
const OWNER = { role: 'owner', accountId: 'acc_owner' } as const;

forEachDialect((dialect) => {
  let room: Newsroom;
  let nora: Consumer;
  let omar: Consumer;

  beforeEach(async () => {
    room = await openNewsroom(dialect);
    [nora, omar] = [await room.addConsumer('nora'), await room.addConsumer('omar')];
    await room.call(nora, 10);
    await room.call(nora, 3, { version: 'v2', start_ms: NOW_MS - 5 * DAY_MS });
    await room.call(omar, 7, { version: 'v2' });
    room.publish('2026-11-10-known', deprecation('2026-11-10'));
    await deliverNotices(room.deps);
  });
  afterEach(() => room.close());

  const mailed = async (kind = 'mail.notice'): Promise<string[]> =>
    (await room.queued(kind)).map(({ accountId }) => accountId);
  const prefer = (consumer: Consumer, mail: MailPreference) => changeMailPreference(room.deps, consumer, mail);
  const isAtDigestTime = (days = 1): void => void (room.time.nowMs = NOW_MS + days * DAY_MS - 2 * HOUR_MS);

  test('what was there at the first look is known, and nobody is mailed about it', async () => {
    isAtDigestTime();
    await deliverNotices(room.deps);
    expect(await room.db.selectFrom('outbox').selectAll().execute()).toEqual([]);
    expect(await room.deps.publications.seen()).toMatchObject([{ slug: '2026-11-10-known', isAnnounced: true }]);
  });

  test('a high advisory goes at once to exactly those who called, whatever they chose, and to nobody twice', async () => {
    await prefer(nora, 'none');
    room.publish(LEAK, advisory('2026-11-24', 'high'));
    await deliverNotices(room.deps);
    await Promise.all([1, 2].map(() => deliverNotices(room.deps)));
    expect(await mailed()).toEqual([nora.accountId]);
    isAtDigestTime(2);
    await deliverNotices(room.deps);
    expect(await mailed('mail.notice_digest')).toEqual([]);
  });

  test('a notice whose time has not come is told when it has', async () => {
    room.publish('2026-11-25-later', advisory('2026-11-25', 'critical', ''));
    await deliverNotices(room.deps);
    expect(await mailed()).toEqual([]);
    room.time.nowMs = Date.UTC(2026, 10, 25, 0, 0, 1);
    await deliverNotices(room.deps);
    expect((await mailed()).sort()).toEqual([nora.accountId, omar.accountId].sort());
  });

  test('an announcement that was cut off goes on, and who was told already is not told again', async () => {
    room.publish(LEAK, advisory('2026-11-24', 'high', ''));
    const cutOff = { ...room.deps.deliveries, tell: () => Promise.reject(new Error('power cut')) };
    await expect(deliverNotices({ ...room.deps, deliveries: cutOff })).rejects.toThrow('power cut');
    const revisionAtMs = room.deps.library.find(LEAK)?.publishedAtMs ?? 0;
    const told = { kind: 'advisory', title: 'A leak', severity: 'high' as const, apiSlugs: ['parcels'] };
    const notice = { slug: LEAK, revisionAtMs, ...told };
    const manners = { immediate: 'immediate', digest: 'immediate', none: 'immediate' } as const;
    await room.deps.deliveries.tell(notice, nora.teamIds, manners, room.time.nowMs);
    await room.deps.deliveries.queueImmediate(room.time.nowMs);
    await deliverNotices(room.deps);
    expect((await mailed()).sort()).toEqual([nora.accountId, omar.accountId].sort());
  });

  test('a new wording is told anew, a corrected typing error is not', async () => {
    room.publish(LEAK, advisory('2026-11-24'));
    await deliverNotices(room.deps);
    room.publish(LEAK, advisory('2026-11-24').replace('A leak', 'A leaking link'));
    await deliverNotices(room.deps);
    expect(await mailed()).toHaveLength(1);
    room.publish(LEAK, `${advisory('2026-11-24')}\nupdated: 2026-11-24T09:00:00Z`);
    await deliverNotices(room.deps);
    expect(await mailed()).toEqual([nora.accountId, nora.accountId]);
  });

  test('what appears with a date of more than 30 days ago is from an archive: nobody is mailed', async () => {
    room.publish('2026-10-20-old', advisory('2026-10-20', 'critical', ''));
    await deliverNotices(room.deps);
    expect(await mailed()).toEqual([]);
  });

  test('a deprecation is told as chosen: at once, in one digest a day at 8:00 UTC, or not at all', async () => {
    room.publish(END, deprecation('2026-11-24'));
    await deliverNotices(room.deps);
    expect(await mailed()).toEqual([]);
    room.publish('2026-11-24-minor', advisory('2026-11-24', 'low'));
    await deliverNotices(room.deps);
    isAtDigestTime();
    await deliverNotices(room.deps);
    await deliverNotices(room.deps);
    expect(await mailed('mail.notice_digest')).toEqual([nora.accountId]);
    const [item] = await room.queued('mail.notice_digest');
    const { queuedAtMs } = item as unknown as { queuedAtMs: number };
    const held = await room.deps.deliveries.digest(nora.accountId, queuedAtMs);
    expect(held.map(({ slug }) => slug).sort()).toEqual(['2026-11-24-minor', END]);

    await prefer(nora, 'immediate');
    room.publish('2026-11-25-soon', deprecation('2026-11-25'));
    await prefer(omar, 'none');
    await room.call(omar, 1);
    await deliverNotices(room.deps);
    expect(await mailed()).toEqual([nora.accountId]);
  });

  test('mails go to members who can act and whose address is verified, once to a member of two teams', async () => {
    const add = (consumer: Consumer, role: 'manager' | 'viewer') =>
      room.db
        .insertInto('team_member')
        .values({ team_id: nora.teamIds[0] ?? '', account_id: consumer.accountId, role })
        .execute();
    const [viewer, unverified] = [await room.addConsumer('viewer'), await room.addConsumer('unverified')];
    await add(viewer, 'viewer');
    await add(unverified, 'manager');
    await add(omar, 'manager');
    await room.db
      .updateTable('account')
      .set({ email_verified_at_ms: null })
      .where('id', '=', unverified.accountId)
      .execute();
    room.time.nowMs += 90 * DAY_MS;
    await room.call(nora, 1);
    await room.call(omar, 1);
    room.publish('2027-02-22-end', deprecation('2027-02-22', undefined, '2027-06-01'));
    await deliverNotices(room.deps);
    room.time.nowMs += DAY_MS;
    await deliverNotices(room.deps);
    expect((await mailed('mail.notice_digest')).sort()).toEqual([nora.accountId, omar.accountId].sort());
  });

  test('a reminder goes to those who called in the last week, at most once a day, by owners alone', async () => {
    room.publish(END, deprecation('2026-11-24'));
    await deliverNotices(room.deps);
    expect(await remindCallers(room.deps, nora, END)).toEqual({ ok: false, reason: 'not_found' });
    const results = await Promise.all([1, 2].map(() => remindCallers(room.deps, OWNER, END)));
    expect(results).toContainEqual({ ok: true, mails: 1 });
    const againAtMs = room.time.nowMs + DAY_MS;
    expect(results).toContainEqual({ ok: false, reason: 'reminded_recently', againAtMs });
    expect(await mailed('mail.notice_reminder')).toEqual([nora.accountId]);
    room.time.nowMs += 7 * DAY_MS;
    expect(await remindCallers(room.deps, OWNER, END)).toEqual({ ok: false, reason: 'nobody_calls' });
  });

  test('thousands of teams are told completely, in portions that the outbox can hold', async () => {
    const teams = Array.from({ length: 1203 }, () => newId(systemRandom, 'team'));
    const accounts = teams.map(() => newId(systemRandom, 'acc'));
    await addMany(room, teams, accounts);
    room.publish(LEAK, advisory('2026-11-24').replace(', versions: [v2]', ''));
    await deliverNotices(room.deps);
    expect(await mailed()).toHaveLength(OUTBOX_MOST);
    await deliverNotices(room.deps);
    expect(await mailed()).toHaveLength(OUTBOX_MOST);
    await room.db.updateTable('outbox').set({ done_at_ms: 1 }).execute();
    await deliverNotices(room.deps);
    expect(new Set(await mailed()).size).toBe(1203 + 2);
    expect(await mailed()).toHaveLength(1203 + 2);
  });
});

async function addMany({ db }: Newsroom, teams: readonly string[], accounts: readonly string[]): Promise<void> {
  for (const [index, teamId] of teams.entries()) {
    const accountId = accounts[index] ?? '';
    const person = { email: `${accountId}@x.example`, email_normalized: `${accountId}@x.example`, password_hash: '!' };
    await db
      .insertInto('account')
      .values({
        ...{ id: accountId, ...person, role: 'developer', email_verified_at_ms: 1, suspended_at_ms: null },
        created_at_ms: 1,
      })
      .execute();
    await db.insertInto('team').values({ id: teamId, name: 'T', created_at_ms: 1 }).execute();
    await db.insertInto('team_member').values({ team_id: teamId, account_id: accountId, role: 'admin' }).execute();
    const application = { id: teamId.replace('team', 'app'), team_id: teamId, name: 'A', description: '' };
    await db
      .insertInto('application')
      .values({ ...application, created_at_ms: 1, deleted_at_ms: null })
      .execute();
    const plan = { application_id: application.id, api_slug: 'parcels', plan_slug: 'free', created_at_ms: 1 };
    await db
      .insertInto('subscription')
      .values({ id: teamId.replace('team', 'sub'), ...plan, ended_at_ms: null })
      .execute();
  }
}
