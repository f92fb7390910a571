import { afterEach, beforeEach, expect, test } from 'vitest';

import { correctNotice, withdrawNotice } from '../../src/editor/correct-notice.ts';
import { redraftNotice } from '../../src/editor/draft-notice.ts';
import { historyOf } from '../../src/editor/notice-history.ts';
import { publishDueNotices, publishNotice, takeBackNotice } from '../../src/editor/publish-notice.ts';
import { deprecationList } from '../../src/notices/deprecation-list.ts';
import { noticeFeed } from '../../src/notices/notice-feed.ts';
import { noticeMail } from '../../src/notices/notice-mail.ts';
import { sunsetCalendar } from '../../src/notices/sunset-calendar.ts';
import { DAY_MS, NOW_MS, deprecation } from '../notices/newsroom.ts';
import { forEachDialect } from '../support/databases.ts';
import { deprecationDraft, owner } from './drafts.ts';
import { type Press, openPress } from './press.ts';

const SLUG = '2026-11-24-version-1-ends';

forEachDialect((dialect) => {
  let room: Press;
  beforeEach(async () => {
    room = await openPress(dialect);
  });
  afterEach(() => room.close());

  test('what is published stands at once in the list, the feed, the calendar and the deprecations for programs', async () => {
    await room.published(deprecationDraft());
    const notices = room.deps.library.list();
    expect(notices.map(({ slug }) => slug)).toEqual([SLUG]);
    for (const format of ['atom', 'rss', 'json'] as const)
      expect(noticeFeed(format, notices, {}, 'https://portal.example').body).toContain(`/notices/${SLUG}`);
    expect(sunsetCalendar(notices, 'https://portal.example').body).toContain('Sunset: Version 1 ends');
    expect(deprecationList(notices, 'https://portal.example').deprecations).toMatchObject([
      { slug: SLUG, sunsetAt: '2027-06-01T00:00:00.000Z', affects: [{ api: 'parcels', versions: ['v1'] }] },
    ]);
  });

  test('exactly those it concerns are told, once however often the job looks', async () => {
    await room.published(deprecationDraft());
    await room.look();
    await room.look();
    expect(await room.mailed()).toEqual([room.nora.accountId]);
    const events = await room.db.selectFrom('outbox').select('payload').where('kind', '=', 'event').execute();
    expect(events.filter(({ payload }) => payload.includes(SLUG)).length).toBeGreaterThan(0);
  });

  test('a scheduled notice is nowhere before its time, and published once, whoever is killed in between', async () => {
    const id = await room.drafted(deprecationDraft());
    const publishAtMs = NOW_MS + DAY_MS;
    const result = await publishNotice(room.deps, owner, id, { revision: 1, publishAtMs });
    expect(result).toMatchObject({ ok: true, isScheduled: true, slug: '2026-11-25-version-1-ends' });
    await room.look();
    expect(room.deps.library.list()).toEqual([]);
    expect(room.deps.library.scheduled()).toHaveLength(1);
    room.later(DAY_MS);
    // One process publishes and is killed before anybody is told; two others look at the same time.
    expect(await publishDueNotices(room.deps)).toBe(1);
    await Promise.all([room.look(), room.look()]);
    expect(await publishDueNotices(room.deps)).toBe(0);
    expect(await room.mailed()).toEqual([room.nora.accountId]);
    const notice = await room.deps.store.find(id);
    expect(notice).toMatchObject({ state: 'published', publishedAtMs: publishAtMs });
    expect(notice?.versions).toHaveLength(1);
    const released = room.db.selectFrom('audit_entry').selectAll().where('action', '=', 'notice.released');
    expect(await released.execute()).toHaveLength(1);
  });

  test('many processes that find the same notice due publish it once', async () => {
    const id = await room.drafted(deprecationDraft());
    await publishNotice(room.deps, owner, id, { revision: 1, publishAtMs: NOW_MS + 1000 });
    room.later(2000);
    const counts = await Promise.all(Array.from({ length: 5 }, () => publishDueNotices(room.deps)));
    expect(counts.reduce((sum, count) => sum + count)).toBe(1);
  });

  test('a time that is over is no time to publish at', async () => {
    const id = await room.drafted(deprecationDraft());
    expect(await publishNotice(room.deps, owner, id, { revision: 1, publishAtMs: NOW_MS })).toEqual({
      ok: false,
      reason: 'in_the_past',
    });
  });

  test('a scheduled notice can be taken back until its time', async () => {
    const id = await room.drafted(deprecationDraft());
    await publishNotice(room.deps, owner, id, { revision: 1, publishAtMs: NOW_MS + DAY_MS });
    const change = { draft: deprecationDraft({ title: 'Other' }), revision: 2 };
    expect(await redraftNotice(room.deps, owner, id, change)).toEqual({ ok: false, reason: 'not_editable' });
    expect(await takeBackNotice(room.deps, owner, id, 2)).toEqual({ ok: true });
    await publishNotice(room.deps, owner, id, { revision: 3, publishAtMs: NOW_MS + DAY_MS });
    room.later(DAY_MS);
    expect(await takeBackNotice(room.deps, owner, id, 4)).toEqual({ ok: false, reason: 'not_scheduled' });
  });

  test('readers see a change when it is published, with its reason and what was changed; nothing is changed silently', async () => {
    const id = await room.published(deprecationDraft());
    await room.look();
    room.later(1000);
    await redraftNotice(room.deps, owner, id, { draft: deprecationDraft({ sunset: '2027-07-01' }), revision: 2 });
    await room.keep();
    expect(room.deps.library.find(SLUG)).toMatchObject({ sunsetAtMs: Date.UTC(2027, 5, 1), corrections: [] });
    const correction = { revision: 3, reason: 'It is July.', isTold: false };
    expect(await correctNotice(room.deps, owner, id, correction)).toEqual({ ok: true });
    await room.look();
    expect(room.deps.library.find(SLUG)).toMatchObject({
      sunsetAtMs: Date.UTC(2027, 6, 1),
      corrections: [{ atMs: NOW_MS + 1000, reason: 'It is July.' }],
      updatedAtMs: null,
    });
    const history = historyOf((await room.deps.store.find(id)) ?? { versions: [] });
    expect(history.map(({ cause, reason }) => [cause, reason])).toEqual([
      ['correction', 'It is July.'],
      ['publication', ''],
    ]);
    expect(history[0]?.differences).toEqual([
      {
        name: 'Sunset',
        spans: [
          { text: '2027-', change: 'same' },
          { text: '06', change: 'removed' },
          { text: '07', change: 'added' },
          { text: '-01', change: 'same' },
        ],
      },
    ]);
    expect(await room.mailed(), 'nobody is told again').toEqual([room.nora.accountId]);
    expect(await correctNotice(room.deps, owner, id, { ...correction, revision: 4 })).toEqual({
      ok: false,
      reason: 'nothing_changed',
    });
  });

  test('a correction that is told is mailed once more, and says why', async () => {
    const id = await room.published(deprecationDraft());
    await room.look();
    room.later(1000);
    await redraftNotice(room.deps, owner, id, { draft: deprecationDraft({ sunset: '2027-05-01' }), revision: 2 });
    await correctNotice(room.deps, owner, id, { revision: 3, reason: 'It is May.', isTold: true });
    await room.look();
    await room.look();
    expect(await room.mailed()).toEqual([room.nora.accountId, room.nora.accountId]);
    const wording = { slug: SLUG, revisionAtMs: NOW_MS + 1000 };
    const mail = await noticeMail(room.deps, { accountId: room.nora.accountId, ...wording });
    expect(mail?.text).toContain('This was corrected: It is May.');
    expect(
      await noticeMail(room.deps, { accountId: room.nora.accountId, slug: SLUG, revisionAtMs: NOW_MS }),
    ).toBeNull();
  });

  test('a withdrawn notice concerns nobody and stands in no list; its address says why', async () => {
    const id = await room.published(deprecationDraft());
    await room.look();
    room.later(1000);
    const why = { revision: await room.revisionOf(id), reason: 'Version 1 goes on.' };
    expect(await withdrawNotice(room.deps, owner, id, why)).toEqual({ ok: true });
    await room.keep();
    expect(room.deps.library.list()).toEqual([]);
    expect(room.deps.library.find(SLUG)).toBeNull();
    expect(room.deps.library.findWithdrawn(SLUG)).toMatchObject({ reason: 'Version 1 goes on.' });
    // A mail that was still under way is not sent.
    expect(
      await noticeMail(room.deps, { accountId: room.nora.accountId, slug: SLUG, revisionAtMs: NOW_MS }),
    ).toBeNull();
    // Who was told is told of this too, once.
    await room.look();
    await room.look();
    expect(await room.mailed()).toEqual([room.nora.accountId, room.nora.accountId]);
    const mail = await noticeMail(room.deps, {
      accountId: room.nora.accountId,
      slug: SLUG,
      revisionAtMs: NOW_MS + 1000,
    });
    expect(mail).toMatchObject({ subject: 'Withdrawn: Version 1 ends' });
    const events = (await room.queued('event')).filter((event) => 'type' in event && event.type === 'notice.withdrawn');
    const fact = { atMs: NOW_MS + 1000, data: { slug: SLUG, reason: 'Version 1 goes on.' } };
    expect(events, 'the team it concerned, then the owners').toMatchObject([
      { ...fact, teamIds: room.nora.teamIds },
      { ...fact, teamIds: [] },
    ]);
    expect(mail?.text).toContain('Version 1 goes on.');
  });

  test('an address is given once, whatever the source of the other notice', async () => {
    room.publish(SLUG, deprecation('2026-11-24'));
    await room.published(deprecationDraft());
    await room.published(deprecationDraft());
    const slugs = room.deps.library.list().map(({ slug }) => slug);
    expect(slugs.toSorted()).toEqual([SLUG, `${SLUG}-2`, `${SLUG}-3`]);
  });
});
