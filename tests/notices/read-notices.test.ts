import { afterEach, beforeEach, expect, test } from 'vitest';

import { acknowledgeNotice, markNoticeRead } from '../../src/notices/acknowledge-notice.ts';
import { concernSentence, needsAttention } from '../../src/notices/own-notice.ts';
import { readNoticeImpact, readNoticeOverview } from '../../src/notices/read-notice-impact.ts';
import { readOwnNotices } from '../../src/notices/read-own-notices.ts';
import { forEachDialect } from '../support/databases.ts';
import { type Consumer, DAY_MS, NOW_MS, type Newsroom, advisory, deprecation, openNewsroom } from './newsroom.ts';

const OWNER = { role: 'owner' } as const;
const SLUG = '2026-11-23-v1-ends';

forEachDialect((dialect) => {
  let room: Newsroom;
  let [nora, omar, pia]: Consumer[] = [];
  const who = (consumer: Consumer | undefined): Consumer => {
    if (!consumer) throw new Error('nobody');
    return consumer;
  };

  beforeEach(async () => {
    room = await openNewsroom(dialect);
    [nora, omar, pia] = [await room.addConsumer('nora'), await room.addConsumer('omar'), await room.addConsumer('pia')];
    await room.call(who(nora), 1200);
    await room.call(who(nora), 4, { operation_id: 'getParcel' });
    await room.call(who(nora), 300, { start_ms: NOW_MS - 10 * DAY_MS });
    await room.call(who(omar), 7, { version: 'v2' });
    await room.call(who(omar), 2, { verdict: 'not_subscribed' });
    await room.call(who(pia), 9, { start_ms: NOW_MS - 89 * DAY_MS });
    room.publish(SLUG, deprecation('2026-11-23'));
  });
  afterEach(() => room.close());

  test('the owner sees the keys and teams that call what ends, how much, and the trend', async () => {
    const report = await readNoticeImpact(room.deps, OWNER, SLUG);
    expect(report?.impact).toMatchObject({ keys: 2, callingTeams: 1, callsThisWeek: 1204 });
    expect(
      report?.teams.map(({ name, callsThisWeek, callsWeekBefore }) => [name, callsThisWeek, callsWeekBefore]),
    ).toEqual([
      ['nora', 1204, 300],
      ['pia', 0, 0],
    ]);
  });

  test('nobody but owners sees whom a notice concerns', async () => {
    expect(await readNoticeImpact(room.deps, { role: 'developer' }, SLUG)).toBeNull();
    expect(await readNoticeOverview({ ...room.deps }, { role: 'developer' })).toEqual([]);
  });

  test('whom a notice will concern is seen before it is published, by owners alone', async () => {
    room.publish('2026-12-01-later', deprecation('2026-12-01'));
    expect((await readNoticeImpact(room.deps, OWNER, '2026-12-01-later'))?.impact.keys).toBe(2);
    expect((await readOwnNotices(room.deps, who(nora))).map(({ notice }) => notice.slug)).toEqual([SLUG]);
  });

  test('a developer reads which key calls what, how often, and when it ends; another developer reads nothing', async () => {
    await room.db.insertInto('api_version').values(versionRow).execute();
    const operation = { api_slug: 'parcels', version: 'v1', summary: '', deprecated: 0, scopes: '' };
    await room.db
      .insertInto('operation')
      .values({ ...operation, operation_id: 'listParcels', method: 'GET', path: '/parcels' })
      .execute();
    const [own] = await readOwnNotices(room.deps, who(nora));
    const [key] = own?.keys ?? [];
    if (!own || !key) throw new Error('nothing found');
    expect(key).toMatchObject({ keyName: 'ci-prod', applicationName: 'Depot of nora', reason: 'calls' });
    expect(concernSentence(own.notice, key, room.time.nowMs)).toBe(
      'Your key ci-prod called GET /v1/parcels 1,200 times this week, and one other operation; it sunsets in 12 days.',
    );
    expect(await readOwnNotices(room.deps, who(omar))).toEqual([]);
    expect(await readOwnNotices(room.deps, { teamIds: [], teamRoles: new Map() })).toEqual([]);
  });

  test('an acknowledged advisory needs no attention any more; what still calls the end does', async () => {
    await room.call(who(omar), 5, { version: 'v2', start_ms: NOW_MS - 5 * DAY_MS });
    room.publish('2026-11-22-leak', advisory('2026-11-22'));
    const attention = async (consumer: Consumer): Promise<string[]> =>
      (await readOwnNotices(room.deps, consumer)).filter(needsAttention).map(({ notice }) => notice.slug);
    expect(await attention(who(omar))).toEqual(['2026-11-22-leak']);
    expect(await acknowledgeNotice(room.deps, who(omar), '2026-11-22-leak')).toEqual({ ok: true });
    expect(await attention(who(omar))).toEqual([]);
    await acknowledgeNotice(room.deps, who(nora), SLUG);
    expect(await attention(who(nora))).toEqual([SLUG]);
    await acknowledgeNotice(room.deps, who(pia), SLUG);
    expect(await attention(who(pia))).toEqual([]);
  });

  test('a notice waits for who may speak for the team, and not for who only reads in it', async () => {
    const as = (role: 'manager' | 'viewer'): Consumer => ({
      ...who(pia),
      teamRoles: new Map(who(pia).teamIds.map((id) => [id, role])),
    });
    const waits = async (consumer: Consumer): Promise<boolean[]> =>
      (await readOwnNotices(room.deps, consumer)).map(({ awaitsReader }) => awaitsReader);
    expect([await waits(as('manager')), await waits(as('viewer'))]).toEqual([[true], [false]]);
    const both = {
      ...who(pia),
      teamIds: [...who(pia).teamIds, ...who(nora).teamIds],
      teamRoles: new Map([...who(pia).teamRoles, ...who(nora).teamIds.map((id) => [id, 'viewer'] as const)]),
    };
    expect(await waits(both)).toEqual([true]);
    await acknowledgeNotice(room.deps, both, SLUG);
    expect(await waits(both), 'the other team is not theirs to speak for').toEqual([false]);
    expect(await waits(who(nora))).toEqual([true]);
  });

  test('a new wording asks for a new acknowledgement', async () => {
    await acknowledgeNotice(room.deps, who(pia), SLUG);
    room.publish(SLUG, `${deprecation('2026-11-23')}\nupdated: 2026-11-24`);
    const [own] = await readOwnNotices(room.deps, who(pia));
    expect(own?.acknowledgedAtMs).toBeNull();
  });

  test('who is not concerned can neither acknowledge nor be noted as a reader', async () => {
    const notAffected = { ok: false, reason: 'not_affected' };
    expect(await acknowledgeNotice(room.deps, who(omar), SLUG)).toEqual(notAffected);
    expect(await markNoticeRead(room.deps, who(omar), SLUG)).toEqual(notAffected);
    expect(await markNoticeRead(room.deps, who(omar), 'nothing')).toEqual({ ok: false, reason: 'not_found' });
    expect(await room.db.selectFrom('notice_reading').selectAll().execute()).toEqual([]);
  });

  test('the owner sees who read and acknowledged, once however often it is sent, with an audit entry', async () => {
    await markNoticeRead(room.deps, who(pia), SLUG);
    const readAtMs = room.time.nowMs;
    room.time.nowMs += DAY_MS;
    await Promise.all([1, 2].map(() => acknowledgeNotice(room.deps, who(pia), SLUG)));
    const report = await readNoticeImpact(room.deps, OWNER, SLUG);
    expect(report).toMatchObject({ toldTeams: 0, readTeams: 1, acknowledgedTeams: 1 });
    expect(report?.teams.find(({ name }) => name === 'pia')).toMatchObject({
      readAtMs,
      acknowledgedAtMs: room.time.nowMs,
      toldAtMs: null,
    });
    const audit = await room.db
      .selectFrom('audit_entry')
      .select('subject')
      .where('action', '=', 'notice.acknowledged')
      .execute();
    expect(audit).toEqual([{ subject: SLUG }]);
    expect(await readNoticeOverview(room.deps, OWNER)).toMatchObject([{ told: 0, read: 1, acknowledged: 1 }]);
  });
});

const versionRow = {
  api_slug: 'parcels',
  version: 'v1',
  lifecycle: 'deprecated',
  deprecated_at_ms: 1,
  sunset_at_ms: null,
  upstream_url: '',
  document: '{}',
  document_sha256: '',
  removed_at_ms: null,
} as const;
