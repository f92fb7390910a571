import type { Insertable, Transaction } from 'kysely';

import { sha256Hex } from '../../src/platform/hash.ts';
import type { PortalSchema } from '../../src/database/schema.ts';

/** The plan of every example subscription; so generous that no test or benchmark meets its limits by chance. */
export const partnerPlan = {
  api_slug: 'parcels',
  slug: 'partner',
  title: 'Partner',
  summary: 'For partners by contract.',
  scopes: 'parcels:read parcels:write',
  rate_limit: 1_000_000,
  rate_window_seconds: 1,
  quota: 1_000_000_000_000,
  quota_period: 'month',
  position: 100,
  removed_at_ms: null,
} as const satisfies Insertable<PortalSchema['plan']>;

/** Writes `parcels` v2 with three operations and the plan `partner`, unless the catalog has written them. */
export async function addParcelsApi(transaction: Transaction<PortalSchema>): Promise<void> {
  const document = JSON.stringify({ openapi: '3.1.0', info: { title: 'Parcels', version: '2.0.0' }, paths: {} });
  const version = { api_slug: 'parcels', version: 'v2' };
  await transaction
    .insertInto('api')
    .values({ slug: 'parcels', title: 'Parcels', summary: 'Send and track parcels.', removed_at_ms: null })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const added = await transaction
    .insertInto('api_version')
    .values({
      ...version,
      lifecycle: 'active',
      deprecated_at_ms: null,
      sunset_at_ms: null,
      upstream_url: 'http://127.0.0.1:4330/v2',
      document,
      document_sha256: sha256Hex(document),
      removed_at_ms: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('version')
    .executeTakeFirst();
  if (added) await transaction.insertInto('operation').values(operationRows(version)).execute();
  await transaction
    .insertInto('plan')
    .values(partnerPlan)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

function operationRows(version: { api_slug: string; version: string }): Insertable<PortalSchema['operation']>[] {
  const row = { ...version, deprecated: 0 };
  return [
    {
      ...row,
      operation_id: 'listParcels',
      method: 'GET',
      path: '/parcels',
      summary: 'List parcels',
      scopes: 'parcels:read',
    },
    {
      ...row,
      operation_id: 'createParcel',
      method: 'POST',
      path: '/parcels',
      summary: 'Register a parcel',
      scopes: 'parcels:write',
    },
    {
      ...row,
      operation_id: 'getParcel',
      method: 'GET',
      path: '/parcels/{parcelId}',
      summary: 'Read a parcel',
      scopes: 'parcels:read',
    },
  ];
}
