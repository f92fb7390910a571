import type { Transaction } from 'kysely';

import { appendAudit } from '../audit/audit-log.ts';
import type { Plan } from '../plans/plan.ts';
import { toPlanLimitColumns } from '../plans/plan-limits.ts';
import type { PortalSchema } from '../database/schema.ts';
import { endOfFile } from './announced-end.ts';
import type { Catalog, CatalogApi, CatalogVersion } from './catalog.ts';
import { packDocument } from './packed-document.ts';
import { publishNewRevision, trimHistory } from './revision-writing-store.ts';
import { storeBrownOuts } from './version-ending.ts';

type Db = Transaction<PortalSchema>;

/** What became different, such as `parcels/v2 added`. */
export interface SyncResult {
  changes: readonly string[];
}

/** When it happens, and how many bytes of earlier documents a version keeps. */
export interface SyncMoment {
  nowMs: number;
  historyMaxBytes: number;
}

/** Writes only what differs, so that a restart without changes writes nothing. */
export async function syncCatalog(db: Db, catalog: Catalog, moment: SyncMoment): Promise<SyncResult> {
  const { nowMs } = moment;
  const changes: string[] = [];
  for (const api of catalog.apis) {
    await syncApi(db, api, changes);
    for (const version of api.versions) await syncVersion(db, api.slug, version, moment, changes);
    for (const [position, plan] of api.plans.entries()) await syncPlan(db, plan, position, changes);
  }
  await removeVanished(db, catalog, nowMs, changes);
  if (changes.length > 0) {
    const record = { actor: 'system', action: 'catalog.updated', subject: 'catalog', teamId: null };
    await appendAudit(db, { ...record, atMs: nowMs, details: { changes } });
  }
  return { changes };
}

async function syncApi(db: Db, api: CatalogApi, changes: string[]): Promise<void> {
  const row = { slug: api.slug, title: api.title, summary: api.summary, removed_at_ms: null };
  const stored = await db.selectFrom('api').selectAll().where('slug', '=', api.slug).executeTakeFirst();
  if (stored && isSame(row, stored)) return;
  await db
    .insertInto('api')
    .values(row)
    .onConflict((conflict) => conflict.column('slug').doUpdateSet(row))
    .execute();
  changes.push(`${api.slug} ${verb(stored)}`);
}

async function syncVersion(
  db: Db,
  slug: string,
  version: CatalogVersion,
  { nowMs, historyMaxBytes }: SyncMoment,
  changes: string[],
): Promise<void> {
  const key = { slug, version: version.version };
  const { document } = version;
  const stored = await db
    .selectFrom('api_version')
    .select(['lifecycle', 'deprecated_at_ms', 'sunset_at_ms', 'upstream_url', 'gone_after_sunset', 'brown_outs'])
    .select([
      'removed_at_ms',
      'file_sha256',
      'file_reading',
      'awaits_document',
      'published_revision',
      'document_sha256',
    ])
    .select('dated_by_notice')
    .where('api_slug', '=', slug)
    .where('version', '=', key.version)
    .executeTakeFirst();
  const isPublished = (stored?.published_revision ?? 0) > 0;
  const hasNewFile =
    document !== null &&
    stored?.file_sha256 !== document.sha256 &&
    !(isPublished && stored?.document_sha256 === document.sha256);
  const awaits = !isPublished && !hasNewFile;
  const row = {
    ...endOfFile(
      {
        lifecycle: version.lifecycle,
        deprecated_at_ms: version.deprecatedAtMs,
        sunset_at_ms: version.sunsetAtMs,
      },
      stored,
    ),
    upstream_url: version.upstreamUrl,
    gone_after_sunset: version.ending?.isGoneAfterSunset ? 1 : 0,
    brown_outs: storeBrownOuts(version.ending),
    removed_at_ms: awaits ? (stored?.removed_at_ms ?? nowMs) : null,
    ...fileColumns(version, stored),
    awaits_document: awaits ? 1 : 0,
  };
  // That another release read the file again, or that only its layout changed, is nothing to tell.
  const isAsBefore = stored && !hasNewFile && isSame({ ...stored, ...row, file_reading: stored.file_reading }, stored);
  if (isAsBefore && row.file_reading === stored.file_reading) return;
  await db
    .insertInto('api_version')
    .values({ api_slug: slug, version: key.version, document: '{}', document_sha256: '', ...row })
    .onConflict((conflict) => conflict.columns(['api_slug', 'version']).doUpdateSet(row))
    .execute();
  if (isAsBefore) return;
  if (hasNewFile) {
    const revision = { origin: 'file', note: '', lint: null, actor: 'system', atMs: nowMs } as const;
    const source = version.source ?? null;
    await publishNewRevision(db, key, { ...revision, document, source, packed: await packDocument(document, source) });
    await trimHistory(db, key, historyMaxBytes);
  }
  const change = awaits ? 'waits for its first document' : stored && hasNewFile ? 'document changed' : verb(stored);
  changes.push(`${slug}/${key.version} ${change}`);
}

interface FileColumns {
  file_sha256: string | null;
  file_reading: string | null;
}

/** What was not read again stays as it is, whoever else may have stored another reading meanwhile. */
function fileColumns({ document, reading }: CatalogVersion, stored: FileColumns | undefined): FileColumns {
  if (reading?.isKnown && stored) return { file_sha256: stored.file_sha256, file_reading: stored.file_reading };
  return { file_sha256: document?.sha256 ?? null, file_reading: document && reading ? reading.name : null };
}

async function syncPlan(db: Db, plan: Plan, position: number, changes: string[]): Promise<void> {
  const row = {
    api_slug: plan.apiSlug,
    slug: plan.slug,
    title: plan.title,
    summary: plan.summary,
    scopes: plan.scopes.join(' '),
    ...toPlanLimitColumns(plan.limits),
    overlap_max_days: plan.overlapMaxDays,
    rotation_interval_days: plan.rotationIntervalDays,
    max_lifetime_days: plan.maxLifetimeDays,
    dormant_days: plan.dormancy?.days ?? null,
    dormant_action: plan.dormancy?.action ?? ('remind' as const),
    approval_required: plan.approval === 'required' ? 1 : 0,
    position,
    removed_at_ms: null,
  };
  const stored = await db
    .selectFrom('plan')
    .selectAll()
    .where('api_slug', '=', plan.apiSlug)
    .where('slug', '=', plan.slug)
    .executeTakeFirst();
  if (stored && isSame(row, stored)) return;
  await db
    .insertInto('plan')
    .values(row)
    .onConflict((conflict) => conflict.columns(['api_slug', 'slug']).doUpdateSet(row))
    .execute();
  changes.push(`${plan.apiSlug} plan ${plan.slug} ${verb(stored)}`);
}

/** Marks what is neither loaded nor merely broken; rows stay, because keys and subscriptions refer to them. */
async function removeVanished(db: Db, catalog: Catalog, nowMs: number, changes: string[]): Promise<void> {
  const loaded = new Map(catalog.apis.map((api) => [api.slug, api]));
  const isBroken = (slug: string, version: string | null): boolean =>
    catalog.broken.some((part) => part.slug === slug && (part.version === null || part.version === version));
  const removal = { removed_at_ms: nowMs };
  for (const { slug } of await db.selectFrom('api').select('slug').where('removed_at_ms', 'is', null).execute()) {
    if (loaded.has(slug) || isBroken(slug, null)) continue;
    await db.updateTable('api').set(removal).where('slug', '=', slug).execute();
    changes.push(`${slug} removed`);
  }
  const versions = await db
    .selectFrom('api_version')
    .select(['api_slug', 'version'])
    .where((row) => row.or([row('removed_at_ms', 'is', null), row('awaits_document', '=', 1)]))
    .execute();
  for (const { api_slug: slug, version } of versions) {
    if (loaded.get(slug)?.versions.some((one) => one.version === version) || isBroken(slug, version)) continue;
    await db
      .updateTable('api_version')
      .set({ ...removal, awaits_document: 0 })
      .where('api_slug', '=', slug)
      .where('version', '=', version)
      .execute();
    changes.push(`${slug}/${version} removed`);
  }
  const plans = await db.selectFrom('plan').select(['api_slug', 'slug']).where('removed_at_ms', 'is', null).execute();
  for (const { api_slug: apiSlug, slug } of plans) {
    if (loaded.get(apiSlug)?.plans.some((plan) => plan.slug === slug) || isBroken(apiSlug, null)) continue;
    await db.updateTable('plan').set(removal).where('api_slug', '=', apiSlug).where('slug', '=', slug).execute();
    changes.push(`${apiSlug} plan ${slug} removed`);
  }
}

function isSame(row: Readonly<Record<string, unknown>>, stored: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(stored).every(([column, value]) => row[column] === value);
}

function verb(stored: { removed_at_ms: number | null } | undefined): string {
  if (!stored) return 'added';
  return stored.removed_at_ms === null ? 'changed' : 'published again';
}
