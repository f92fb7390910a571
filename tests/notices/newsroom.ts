import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Insertable } from 'kysely';

import type { Actor } from '../../src/accounts/account.ts';
import { createAccountStore } from '../../src/accounts/account-store.ts';
import { createAnnouncedEndStore } from '../../src/catalog/announced-end-store.ts';
import { createCatalogStore } from '../../src/catalog/catalog-store.ts';
import { createNoticeReleaseStore } from '../../src/editor/notice-release-store.ts';
import { createWrittenNoticeStore } from '../../src/editor/written-notice-store.ts';
import { createWrittenNotices } from '../../src/editor/written-notices.ts';
import type { Notice } from '../../src/notices/notice.ts';
import { createNoticeAudienceStore } from '../../src/notices/notice-audience-store.ts';
import { createNoticeDeliveryStore } from '../../src/notices/notice-delivery-store.ts';
import { createNoticeLibrary } from '../../src/notices/notice-library.ts';
import { createNoticePublicationStore } from '../../src/notices/notice-publication-store.ts';
import { createImpactReader } from '../../src/notices/read-notice-impact.ts';
import { createNoticeResponseStore } from '../../src/notices/notice-response-store.ts';
import type { DialectName } from '../../src/database/database.ts';
import { newId, systemRandom } from '../../src/platform/random.ts';
import type { PortalSchema } from '../../src/database/schema.ts';
import { createApiUsageStore } from '../../src/usage/api-usage-store.ts';
import { noMeasures } from '../../src/usage/measures.ts';
import { type HourCount, createStatisticsStore } from '../../src/usage/statistics-store.ts';
import { addActor, addApi } from '../applications/cast.ts';
import { openTestDatabase, openUsageTestDatabase } from '../support/databases.ts';

export const NOW_MS = Date.UTC(2026, 10, 24, 10);
export const DAY_MS = 86_400_000;
export const HOUR_MS = 3_600_000;
export const PUBLIC_URL = 'https://portal.example';

export interface Consumer extends Actor {
  applicationId: string;
  keyId: string;
}

/** Everything about notices on real databases, with a folder of notices and a clock that the test turns. */
export async function openNewsroom(dialect: DialectName) {
  const portal = await openTestDatabase(dialect);
  const usage = await openUsageTestDatabase(dialect);
  const contentDir = mkdtempSync(join(tmpdir(), 'gatehouse-newsroom-'));
  mkdirSync(join(contentDir, 'notices'));
  const time = { nowMs: NOW_MS };
  const clock = { nowMs: () => time.nowMs };
  const db = portal.database.kysely;
  const counters = createStatisticsStore(usage.database);
  await addApi(portal.database, 'parcels', [{ slug: 'free' }]);
  const store = createWrittenNoticeStore(portal.database);
  const written = createWrittenNotices(store);
  const reading = {
    audience: createNoticeAudienceStore(portal.database),
    responses: createNoticeResponseStore(portal.database),
    usage: createApiUsageStore(usage.database),
  };
  const deps = {
    ...reading,
    readImpact: createImpactReader(reading),
    store,
    written,
    releases: createNoticeReleaseStore(portal.database),
    ends: createAnnouncedEndStore(portal.database),
    needsReview: false,
    random: systemRandom,
    library: createNoticeLibrary({ contentDir, clock, written }),
    publications: createNoticePublicationStore(portal.database, systemRandom),
    deliveries: createNoticeDeliveryStore(portal.database, systemRandom),
    catalog: createCatalogStore(portal.database),
    accounts: createAccountStore(portal.database, systemRandom),
    clock,
    publicUrl: PUBLIC_URL,
    sessionSecret: new TextEncoder().encode('a secret of thirty-two characters'),
  };

  /** A team with one member, an application subscribed to the parcels API, and a key of the day before. */
  async function addConsumer(name: string): Promise<Consumer> {
    const actor = await addActor(portal.database, name);
    const applicationId = newId(systemRandom, 'app');
    const application = { id: applicationId, team_id: actor.teamIds[0] ?? '', name: `Depot of ${name}` };
    await db
      .insertInto('application')
      .values({ ...application, description: '', created_at_ms: 1, deleted_at_ms: null })
      .execute();
    await subscribe(applicationId);
    return { ...actor, applicationId, keyId: await addKey(actor.accountId, applicationId) };
  }

  async function subscribe(applicationId: string): Promise<void> {
    const id = newId(systemRandom, 'sub');
    const plan = { application_id: applicationId, api_slug: 'parcels', plan_slug: 'free' };
    await db
      .insertInto('subscription')
      .values({ id, ...plan, created_at_ms: 1, ended_at_ms: null })
      .execute();
  }

  async function addKey(
    accountId: string,
    applicationId: string,
    changes: Partial<Insertable<PortalSchema['api_key']>> = {},
  ): Promise<string> {
    const id = newId(systemRandom, 'key');
    const secret = { token_hash: new TextEncoder().encode(id), pepper_id: 1, first_four: 'aaaa', last_four: 'zzzz' };
    await db
      .insertInto('api_key')
      .values({
        ...{ id, application_id: applicationId, name: 'ci-prod', environment: 'live', ...secret, allowlist: '[]' },
        ...{ request_id: id, created_by_account_id: accountId, created_at_ms: NOW_MS - DAY_MS, expires_at_ms: null },
        ...changes,
      })
      .execute();
    return id;
  }

  /** Counts calls of the consumer's key, by default an hour ago to `listParcels` of v1. */
  async function call(
    { applicationId, keyId }: Pick<Consumer, 'applicationId' | 'keyId'>,
    calls: number,
    changes: Partial<HourCount> = {},
  ): Promise<void> {
    const startMs = time.nowMs - HOUR_MS;
    const what = { api_slug: 'parcels', version: 'v1', operation_id: 'listParcels', verdict: 'allowed' };
    const row = { ...noMeasures(), ...what, application_id: applicationId, key_id: keyId, start_ms: startMs, calls };
    await counters.add({ counts: [{ ...row, ...changes }], activities: [], addresses: [] });
  }

  /** Writes a notice file; it is seen at once. */
  function publish(slug: string, frontMatter: string): Notice | null {
    writeFileSync(join(contentDir, 'notices', `${slug}.md`), `---\n${frontMatter}\n---\nText.\n`);
    time.nowMs += 1000;
    return deps.library.findAny(slug);
  }

  async function queued(kind: string): Promise<{ accountId: string }[]> {
    const rows = await db.selectFrom('outbox').selectAll().where('kind', '=', kind).execute();
    return rows.map(({ payload }) => JSON.parse(payload) as { accountId: string });
  }

  async function close(): Promise<void> {
    rmSync(contentDir, { recursive: true, force: true });
    await portal.close();
    await usage.close();
  }

  return { db, database: portal.database, deps, time, addConsumer, addKey, subscribe, call, publish, queued, close };
}

export type Newsroom = Awaited<ReturnType<typeof openNewsroom>>;

export const deprecation = (
  day: string,
  affects = '{ api: parcels, versions: [v1] }',
  sunset = '2026-12-06T12:00:00Z',
) =>
  `kind: deprecation\ntitle: Version 1 ends\nsummary: Move to version 2.\npublished: ${day}\ndeprecated: ${day}\nsunset: ${sunset}\naffects: [${affects}]`;

export const advisory = (day: string, severity = 'high', more = 'fixed_in: v2.3.1') =>
  `kind: advisory\ntitle: A leak\nsummary: Make new links.\npublished: ${day}\nseverity: ${severity}\naffects: [{ api: parcels, versions: [v2] }]\n${more}`;
