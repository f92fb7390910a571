import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { type EndColumns, endOfFile, withAnnouncedEnd } from '../../src/catalog/announced-end.ts';
import { createAnnouncedEndStore } from '../../src/catalog/announced-end-store.ts';
import { announcedEnds } from '../../src/notices/announced-ends.ts';
import type { Notice } from '../../src/notices/notice.ts';
import { createVerificationStore } from '../../src/verify/verification-store.ts';
import { addApi } from '../applications/cast.ts';
import { NOW_MS, advisory, deprecation } from '../notices/newsroom.ts';
import { parseNoticeFile } from '../../src/notices/notice-file.ts';
import { type TestDatabase, forEachDialect, openTestDatabase } from '../support/databases.ts';
import { underOnePepper } from '../verify/token-hashes.ts';

function noticeOf(slug: string, frontMatter: string): Notice {
  const parsed = parseNoticeFile(`${slug}.md`, `---\n${frontMatter}\n---\n`);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.notice;
}
const ends = (affects: string, day = '2026-11-20'): Notice => noticeOf(`${day}-end`, deprecation(day, affects));
const dates = { deprecatedAtMs: Date.UTC(2026, 10, 20), sunsetAtMs: Date.UTC(2026, 11, 6, 12) };

describe('what a notice says of versions:', () => {
  test.each<[string, Notice[], unknown[]]>([
    ['an advisory ends nothing', [noticeOf('2026-11-20-leak', advisory('2026-11-20'))], []],
    ['what is about a whole API ends no version', [ends('{ api: parcels }')], []],
    [
      'what holds for some plans does not hold for all who call',
      [ends('{ api: parcels, versions: [v1], plans: [free] }')],
      [],
    ],
    [
      'each version that is named ends',
      [ends('{ api: parcels, versions: [v1, v0] }')],
      [
        ['v1', null],
        ['v0', null],
      ],
    ],
    [
      'named operations end alone',
      [ends('{ api: parcels, versions: [v2], operations: [getLabel] }')],
      [['v2', 'getLabel']],
    ],
    [
      'the newest notice counts',
      [ends('{ api: parcels, versions: [v1] }', '2026-11-21'), ends('{ api: parcels, versions: [v1] }')],
      [['v1', null]],
    ],
  ])('%s', (_rule, notices, expected) => {
    expect(announcedEnds(notices).map(({ version, operationId }) => [version, operationId])).toEqual(expected);
    if (notices.length > 1) expect(announcedEnds(notices)[0]?.noticeSlug).toBe('2026-11-21-end');
  });
});

const active: EndColumns = {
  lifecycle: 'active',
  deprecated_at_ms: null,
  sunset_at_ms: null,
  notice_slug: null,
  dated_by_notice: 0,
};
const byFile: EndColumns = { ...active, lifecycle: 'deprecated', deprecated_at_ms: 5, sunset_at_ms: 9 };
const byNotice: EndColumns = {
  lifecycle: 'deprecated',
  deprecated_at_ms: 1,
  sunset_at_ms: 2,
  notice_slug: 'n',
  dated_by_notice: 1,
};
const end = { api: 'parcels', version: 'v1', operationId: null, noticeSlug: 'n', deprecatedAtMs: 1, sunsetAtMs: 2 };

describe('the end of a version:', () => {
  test.each<[string, EndColumns, typeof end | undefined, EndColumns]>([
    ['a notice gives dates to an active one', active, end, byNotice],
    ['the dates of the file count, and the notice is linked', byFile, end, { ...byFile, notice_slug: 'n' }],
    ['without the notice an active one is active again', byNotice, undefined, active],
    ['without the notice the dates of the file stay', { ...byFile, notice_slug: 'n' }, undefined, byFile],
  ])('%s', (_rule, present, announced, expected) => {
    expect(withAnnouncedEnd(present, announced)).toEqual(expected);
  });

  test('a file that is read again keeps the dates of a notice unless it has its own', () => {
    const file = { lifecycle: 'active', deprecated_at_ms: null, sunset_at_ms: null } as const;
    expect(endOfFile(file, byNotice)).toMatchObject({ deprecated_at_ms: 1, dated_by_notice: 1 });
    expect(endOfFile({ ...file, lifecycle: 'retired' }, byNotice)).toMatchObject({
      lifecycle: 'retired',
      dated_by_notice: 0,
    });
    expect(endOfFile(file, undefined)).toMatchObject({ lifecycle: 'active', dated_by_notice: 0 });
  });
});

forEachDialect((dialect) => {
  let opened: TestDatabase;
  beforeEach(async () => {
    opened = await openTestDatabase(dialect);
    await addApi(opened.database, 'parcels', []);
    const db = opened.database.kysely;
    for (const version of ['v1', 'v2']) {
      const row = {
        api_slug: 'parcels',
        version,
        lifecycle: 'active' as const,
        deprecated_at_ms: null,
        sunset_at_ms: null,
      };
      const rest = {
        upstream_url: 'http://x',
        document: '{}',
        document_sha256: version,
        removed_at_ms: null,
        notice_slug: null,
      };
      await db
        .insertInto('api_version')
        .values({ ...row, ...rest })
        .execute();
      const operation = { api_slug: 'parcels', version, operation_id: 'getLabel', method: 'GET', path: '/label' };
      await db
        .insertInto('operation')
        .values({ ...operation, summary: '', deprecated: 0, scopes: '' })
        .execute();
    }
  });
  afterEach(() => opened.close());

  test('verifiers read what is announced, for a version and for one operation, and no longer when it is withdrawn', async () => {
    const store = createAnnouncedEndStore(opened.database);
    const routes = createVerificationStore(opened.database, underOnePepper(new Uint8Array(32)));
    const before = await routes.routesFingerprint();
    const notices = [
      ends('{ api: parcels, versions: [v1] }'),
      noticeOf(
        '2026-11-19-label',
        deprecation('2026-11-19', '{ api: parcels, versions: [v2], operations: [getLabel] }'),
      ),
    ];
    await store.apply(announcedEnds(notices), NOW_MS);
    expect(await routes.routesFingerprint()).not.toBe(before);
    const [v1, v2] = await routes.loadRoutes();
    expect(v1?.deprecation).toEqual({ ...dates, successor: 'v2', notice: '2026-11-20-end' });
    expect(v2?.deprecation).toBeNull();
    expect(v2?.operations[0]?.deprecation).toMatchObject({ notice: '2026-11-19-label', successor: null });
    const entries = () => opened.database.kysely.selectFrom('audit_entry').select('action').execute();
    expect(await entries()).toHaveLength(2);
    await store.apply(announcedEnds(notices), NOW_MS);
    expect(await entries(), 'nothing is written when nothing differs').toHaveLength(2);
    await store.apply([], NOW_MS);
    expect(await routes.routesFingerprint()).toBe(before);
  });
});
