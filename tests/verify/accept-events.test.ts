import { afterEach, beforeEach, expect, test } from 'vitest';

import type { UsageSchema } from '../../src/database/schema.ts';
import { systemRandom } from '../../src/platform/random.ts';
import { createStatisticsStore } from '../../src/usage/statistics-store.ts';
import { type UsageReadingStore, createUsageReadingStore } from '../../src/usage/usage-reading-store.ts';
import { type AcceptEventsDeps, MOST_EVENT_LINES, acceptEvents } from '../../src/verify/accept-events.ts';
import { createKeyOwnerStore } from '../../src/verify/key-owner-store.ts';
import { buildRouteTable } from '../../src/verify/route-table.ts';
import { addActor } from '../applications/cast.ts';
import { type TestDatabase, forEachDialect, openTestDatabase, openUsageTestDatabase } from '../support/databases.ts';

const NOW_MS = Date.UTC(2026, 2, 3, 10, 30);
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const routes = buildRouteTable([
  {
    api: 'parcels',
    version: 'v2',
    retired: false,
    deprecation: null,
    upstreamUrl: '',
    operations: [{ operationId: 'listParcels', method: 'GET', path: '/parcels', scopes: [], cost: 1 }],
  },
]);

const line = (changes: object = {}): string =>
  JSON.stringify({
    time: NOW_MS / 1000,
    keyId: 'key_1',
    api: 'parcels',
    version: 'v2',
    operationId: 'listParcels',
    status: 200,
    latencySeconds: 0.02,
    ...changes,
  });

forEachDialect((dialect) => {
  let portal: TestDatabase;
  let usage: TestDatabase<UsageSchema>;
  let reading: UsageReadingStore;
  let deps: AcceptEventsDeps;

  beforeEach(async () => {
    portal = await openTestDatabase(dialect);
    usage = await openUsageTestDatabase(dialect);
    reading = createUsageReadingStore(usage.database);
    deps = {
      statistics: createStatisticsStore(usage.database),
      owners: createKeyOwnerStore(portal.database),
      routes: () => routes,
    };
    const actor = await addActor(portal.database, 'nora');
    const { kysely } = portal.database;
    const application = { id: 'app_1', team_id: actor.teamIds[0] ?? '', name: 'Depot', description: '' };
    await kysely
      .insertInto('application')
      .values({ ...application, created_at_ms: 1, deleted_at_ms: null })
      .execute();
    await kysely
      .insertInto('api_key')
      .values({
        ...{ id: 'key_1', application_id: 'app_1', name: 'ci', environment: 'live', allowlist: '[]', pepper_id: 1 },
        ...{ token_hash: systemRandom.bytes(32), first_four: 'aaaa', last_four: 'zzzz', request_id: 'r' },
        ...{ created_by_account_id: actor.accountId, created_at_ms: 1, expires_at_ms: null },
      })
      .execute();
  });
  afterEach(async () => {
    await portal.close();
    await usage.close();
  });

  const accept = (body: string, batchId = 'batch-0001') => acceptEvents(deps, { batchId, body }, NOW_MS);
  const slots = (sinceMs = 0) =>
    reading.slots({ scope: { of: 'application', applicationId: 'app_1' }, grain: 'hour', sinceMs });

  test('answers are counted in the hour in which their calls arrived', async () => {
    const started = line({ time: (NOW_MS - 30 * 60_000 + 5) / 1000, latencySeconds: 1, status: 503 });
    expect(await accept(`${line()}\n${line({ status: 201 })}\n${started}\n`)).toMatchObject({
      ok: true,
      result: { accepted: 3, rejected: 0, errors: [] },
    });
    const rows = await slots();
    const hour = rows.find(({ startMs }) => startMs === NOW_MS - 30 * 60_000);
    expect(hour).toMatchObject({ verdict: 'allowed', calls: 0, answers_2xx: 2, latency_25: 2, latency_ms: 40 });
    expect(rows.find(({ startMs }) => startMs === NOW_MS - 90 * 60_000)).toMatchObject({ answers_5xx: 1 });
  });

  test('a line that is wrong is named, and does not stop the others', async () => {
    const lines = [
      line(),
      'not json',
      '',
      line({ keyId: '' }),
      line({ keyId: 'key_of_nobody' }),
      line({ time: (NOW_MS - 31 * DAY_MS) / 1000 }),
      line({ time: (NOW_MS + HOUR_MS) / 1000 }),
      line({ status: 600 }),
      line(),
    ];
    const answer = await accept(lines.join('\r\n'));
    expect(answer).toMatchObject({ ok: true, result: { accepted: 2, ignored: 2, rejected: 5 } });
    const errors = answer.ok ? answer.result.errors : [];
    expect(errors.map(({ line: at }) => at)).toEqual([2, 5, 6, 7, 8]);
    expect(errors[1]?.error).toBe('there is no such key');
    expect((await slots())[0]?.answers_2xx).toBe(2);
  });

  test('names that are not published make no rows of their own', async () => {
    await accept([line({ operationId: 'made-up' }), line({ version: 'v9' }), line({ api: 'nope' })].join('\n'));
    const parts = await reading.parts({
      scope: { of: 'application', applicationId: 'app_1' },
      grain: 'day',
      sinceMs: 0,
    });
    const names = parts.map(({ apiSlug, version, operationId }) => [apiSlug, version, operationId]);
    expect(names.sort()).toEqual([
      ['', '', ''],
      ['parcels', '', ''],
      ['parcels', 'v2', ''],
    ]);
  });

  test('a batch that is sent again is answered as before and counted once', async () => {
    const first = await accept(`${line()}\nbroken`);
    const again = await Promise.all([accept(`${line()}\nbroken`), accept(`${line()}\nbroken`)]);
    expect(first).toMatchObject({ ok: true, isRepeated: false });
    for (const answer of again) expect(answer).toEqual({ ...first, isRepeated: true });
    expect(await accept(line())).toEqual({ ok: false, reason: 'batch_id_reused' });
    expect((await slots())[0]?.answers_2xx).toBe(1);
    expect(await accept(line(), 'batch-0002')).toMatchObject({ ok: true, isRepeated: false });
    expect((await slots())[0]?.answers_2xx).toBe(2);
  });

  test('more lines than allowed are refused as a whole, and errors are told of the first fifty', async () => {
    const most = 'x\n'.repeat(MOST_EVENT_LINES);
    const answer = await accept(most);
    expect(answer).toMatchObject({ ok: true, result: { rejected: MOST_EVENT_LINES } });
    expect(answer.ok && answer.result.errors).toHaveLength(50);
    expect(await accept(`${most}x\n`, 'batch-0002')).toEqual({ ok: false, reason: 'too_many_lines' });
  });
});
