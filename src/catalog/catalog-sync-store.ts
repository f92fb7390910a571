import type { Transaction } from 'kysely';

import { appendAudit } from '../audit/audit-log.ts';
import type { Plan } from '../plans/plan.ts';
import { toPlanLimitColumns } from '../plans/plan-limits.ts';
import type { PortalSchema } from '../platform/schema.ts';
import type { Catalog, CatalogApi, CatalogVersion } from './catalog.ts';
import { storeBrownOuts } from './version-ending.ts';

type Db = Transaction<PortalSchema>;

/** What became different, such as `parcels/v2 added`. */
export interface SyncResult {
  changes: readonly string[];
}

/** Operations of one insert: PostgreSQL and SQLite both limit the values of a statement. */
const ROWS_PER_INSERT = 200;

/** Writes only what differs, so that a restart without changes writes nothing. */
export async function syncCatalog(db: Db, catalog: Catalog, nowMs: number): Promise<SyncResult> {
  const changes: string[] = [];
  for (const api of catalog.apis) {
    await syncApi(db, api, changes);
    for (const version of api.versions) await syncVersion(db, api.slug, version, changes);
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

async function syncVersion(db: Db, slug: string, version: CatalogVersion, changes: string[]): Promise<void> {
  const { document } = version;
  const row = {
    api_slug: slug,
    version: version.version,
    lifecycle: version.lifecycle,
    deprecated_at_ms: version.deprecatedAtMs,
    sunset_at_ms: version.sunsetAtMs,
    upstream_url: version.upstreamUrl,
    gone_after_sunset: version.ending?.isGoneAfterSunset ? 1 : 0,
    brown_outs: storeBrownOuts(version.ending),
    document_sha256: document.sha256,
    title: document.title,
    document_version: document.documentVersion,
    description: document.description,
    removed_at_ms: null,
  };
  const stored = await db
    .selectFrom('api_version')
    .select(['lifecycle', 'deprecated_at_ms', 'sunset_at_ms', 'upstream_url', 'document_sha256', 'removed_at_ms'])
    .select(['gone_after_sunset', 'brown_outs'])
    .where('api_slug', '=', slug)
    .where('version', '=', version.version)
    .executeTakeFirst();
  if (stored && isSame(row, stored)) return;
  const isNewDocument = stored?.document_sha256 !== document.sha256;
  if (stored && !isNewDocument) {
    await db
      .updateTable('api_version')
      .set(row)
      .where('api_slug', '=', slug)
      .where('version', '=', version.version)
      .execute();
  } else {
    const full = { ...row, document: document.json };
    await db
      .insertInto('api_version')
      .values(full)
      .onConflict((conflict) => conflict.columns(['api_slug', 'version']).doUpdateSet(full))
      .execute();
    await replaceOperations(db, slug, version);
    await replaceParts(db, slug, version);
  }
  changes.push(`${slug}/${version.version} ${stored && isNewDocument ? 'document changed' : verb(stored)}`);
}

async function replaceOperations(db: Db, slug: string, { version, document }: CatalogVersion): Promise<void> {
  await db.deleteFrom('operation').where('api_slug', '=', slug).where('version', '=', version).execute();
  const rows = document.operations.map((operation, position) => ({
    api_slug: slug,
    version,
    operation_id: operation.operationId,
    slug: operation.slug,
    method: operation.method,
    path: operation.path,
    summary: operation.summary,
    deprecated: operation.deprecated ? 1 : 0,
    scopes: operation.scopes.join(' '),
    cost: operation.cost,
    tag: operation.tag,
    position,
  }));
  for (let start = 0; start < rows.length; start += ROWS_PER_INSERT) {
    await db
      .insertInto('operation')
      .values(rows.slice(start, start + ROWS_PER_INSERT))
      .execute();
  }
}

async function replaceParts(db: Db, slug: string, { version, document }: CatalogVersion): Promise<void> {
  await db.deleteFrom('document_part').where('api_slug', '=', slug).where('version', '=', version).execute();
  const rows = document.parts.map((part) => ({ api_slug: slug, version, ...part }));
  for (let start = 0; start < rows.length; start += ROWS_PER_INSERT) {
    await db
      .insertInto('document_part')
      .values(rows.slice(start, start + ROWS_PER_INSERT))
      .execute();
  }
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
    .where('removed_at_ms', 'is', null)
    .execute();
  for (const { api_slug: slug, version } of versions) {
    if (loaded.get(slug)?.versions.some((one) => one.version === version) || isBroken(slug, version)) continue;
    await db
      .updateTable('api_version')
      .set(removal)
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
