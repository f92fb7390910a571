import type { Insertable } from 'kysely';

import type { Databases } from '../../src/composition/databases.ts';
import { issueSecret } from '../../src/keys/key-secret.ts';
import { hashToken, toPepper } from '../../src/keys/pepper.ts';
import type { Config } from '../../src/settings/config.ts';
import { newId, systemRandom } from '../../src/platform/random.ts';
import type { PortalSchema } from '../../src/database/schema.ts';

/** Plans whose names say what they are short of. */
const plans = {
  ample: { rate_limit: 1_000_000, rate_window_seconds: 1, quota: 1_000_000_000 },
  slow: { rate_limit: 3, rate_window_seconds: 60, quota: 1_000_000 },
  small: { rate_limit: 1_000_000, rate_window_seconds: 1, quota: 5 },
} as const;

export type PlanName = keyof typeof plans;

/** What is set of a key beside what every key has. */
export type KeyColumns = Partial<Insertable<PortalSchema['api_key']>>;

export interface IssuedKey {
  keyId: string;
  applicationId: string;
  subscriptionId: string;
  token: string;
}

/** The API `parcels`: v1 retired, v2 active with four operations. */
export async function addParcels({ portal: { kysely } }: Databases, upstreamUrl: string): Promise<void> {
  const version = {
    api_slug: 'parcels',
    deprecated_at_ms: null,
    sunset_at_ms: null,
    upstream_url: upstreamUrl,
    removed_at_ms: null,
  };
  const operation = { api_slug: 'parcels', version: 'v2', summary: '', deprecated: 0 };
  await kysely
    .insertInto('api')
    .values({ slug: 'parcels', title: 'Parcels', summary: '', removed_at_ms: null })
    .execute();
  await kysely
    .insertInto('api_version')
    .values([
      { ...version, version: 'v1', lifecycle: 'retired', document: '{}', document_sha256: '1' },
      { ...version, version: 'v2', lifecycle: 'active', document: '{}', document_sha256: '2' },
    ])
    .execute();
  await kysely
    .insertInto('operation')
    .values([
      { ...operation, operation_id: 'listParcels', method: 'GET', path: '/parcels', scopes: 'parcels:read' },
      { ...operation, operation_id: 'createParcel', method: 'POST', path: '/parcels', scopes: 'parcels:read' },
      { ...operation, operation_id: 'getParcel', method: 'GET', path: '/parcels/{parcelId}', scopes: 'parcels:read' },
      { ...operation, operation_id: 'purge', method: 'DELETE', path: '/parcels', scopes: 'parcels:read parcels:admin' },
    ])
    .execute();
  const plan = {
    api_slug: 'parcels',
    title: '',
    summary: '',
    scopes: 'parcels:read',
    quota_period: 'month',
    position: 0,
    removed_at_ms: null,
  } as const;
  await kysely
    .insertInto('plan')
    .values(Object.entries(plans).map(([slug, limits]) => ({ ...plan, slug, ...limits })))
    .execute();
}

/** A key of an application of its own, subscribed to `parcels`; null: to nothing. */
export async function addKey(
  { portal: { kysely } }: Databases,
  { keyPepper, keyPrefix }: Config,
  plan: PlanName | null,
  columns: KeyColumns,
): Promise<IssuedKey> {
  const [teamId, accountId, applicationId, subscriptionId, keyId] = [
    newId(systemRandom, 'team'),
    newId(systemRandom, 'acc'),
    newId(systemRandom, 'app'),
    newId(systemRandom, 'sub'),
    newId(systemRandom, 'key'),
  ];
  const { token, environment, firstFour, lastFour } = issueSecret(systemRandom, keyPrefix, 'live');
  await kysely.insertInto('team').values({ id: teamId, name: 'Team', created_at_ms: 0 }).execute();
  await kysely
    .insertInto('account')
    .values({
      id: accountId,
      email: accountId,
      email_normalized: accountId,
      password_hash: '!',
      role: 'developer',
      email_verified_at_ms: null,
      suspended_at_ms: null,
      created_at_ms: 0,
    })
    .execute();
  await kysely
    .insertInto('application')
    .values({
      id: applicationId,
      team_id: teamId,
      name: 'Depot',
      description: '',
      created_at_ms: 0,
      deleted_at_ms: null,
    })
    .execute();
  if (plan !== null) {
    await kysely
      .insertInto('subscription')
      .values({
        id: subscriptionId,
        application_id: applicationId,
        api_slug: 'parcels',
        plan_slug: plan,
        created_at_ms: 0,
        ended_at_ms: null,
      })
      .execute();
  }
  await kysely
    .insertInto('api_key')
    .values({
      id: keyId,
      application_id: applicationId,
      name: 'Scanner',
      environment,
      token_hash: hashToken(toPepper(keyPepper), token),
      pepper_id: toPepper(keyPepper).id,
      first_four: firstFour,
      last_four: lastFour,
      allowlist: '[]',
      request_id: keyId,
      created_by_account_id: accountId,
      created_at_ms: 0,
      expires_at_ms: null,
      suspended_at_ms: null,
      revoked_at_ms: null,
      revoke_reason: null,
      ...columns,
    })
    .execute();
  return { keyId, applicationId, subscriptionId, token };
}
