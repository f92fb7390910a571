import type { Insertable } from 'kysely';

import type { Actor } from '../../src/accounts/account.ts';
import { createApplicationStore } from '../../src/applications/application-store.ts';
import { createSubscriptionRequestStore } from '../../src/applications/subscription-request-store.ts';
import { createApplication } from '../../src/applications/create-application.ts';
import { createAuditStore } from '../../src/audit/audit-store.ts';
import { type ApiKey, DAY_MS } from '../../src/keys/api-key.ts';
import { issueKey } from '../../src/keys/issue-key.ts';
import type { IssueKeyRequest } from '../../src/keys/issue-key.form.ts';
import { createKeyRestrictionStore } from '../../src/key-restrictions/key-restriction-store.ts';
import type { AllowlistEntry } from '../../src/key-restrictions/key-restrictions.ts';
import { createKeyRevocationStore } from '../../src/key-revocation/key-revocation-store.ts';
import { createKeyRotationStore } from '../../src/key-rotation/key-rotation-store.ts';
import { createKeyStore } from '../../src/keys/key-store.ts';
import { createKeySuspensionStore } from '../../src/key-revocation/key-suspension-store.ts';
import { createLeakedKeyStore } from '../../src/leaked-keys/leaked-key-store.ts';
import { createRestrictionChoiceStore } from '../../src/key-restrictions/restriction-choice-store.ts';
import { rotateKey } from '../../src/key-rotation/rotate-key.ts';
import { createPlanStore } from '../../src/plans/plan-store.ts';
import type { Database, DialectName } from '../../src/database/database.ts';
import { newId, systemRandom } from '../../src/platform/random.ts';
import type { PortalSchema } from '../../src/database/schema.ts';
import { addActor } from '../applications/cast.ts';
import { type TestDatabase, openTestDatabase } from '../support/databases.ts';
import { toPeppers } from '../../src/keys/pepper.ts';

export const NOW_MS = Date.UTC(2026, 10, 24, 10);
export const PEPPER = new TextEncoder().encode('a pepper of thirty-two bytes....');

/** All that the use cases of keys need, on a real database, with a clock that the test turns. */
export async function openHouse(dialect: DialectName) {
  const test: TestDatabase = await openTestDatabase(dialect);
  const time = { nowMs: NOW_MS };
  const deps = depsOn(test.database, { nowMs: () => time.nowMs });
  const [nora, mallory] = [await addActor(test.database, 'nora'), await addActor(test.database, 'mallory')];

  async function addApplication(actor: Actor): Promise<string> {
    const result = await createApplication(deps, actor, { name: 'Depot', description: '' });
    if (!result.ok) throw new Error(result.reason);
    return result.application.id;
  }

  async function addKey(
    applicationId: string,
    changes: Partial<IssueKeyRequest> = {},
  ): Promise<{ key: ApiKey; token: string }> {
    const result = await issueKey(deps, nora, { ...keyRequest(), ...changes, applicationId });
    if (!result.ok) throw new Error(result.reason);
    return result;
  }

  /** Rotates with a day of overlap unless told otherwise. */
  async function rotate(key: ApiKey, overlapMs = DAY_MS): Promise<{ key: ApiKey; token: string }> {
    const reference = { applicationId: key.applicationId, keyId: key.id };
    const result = await rotateKey(deps, nora, { ...reference, overlapMs, requestId: newId(systemRandom, 'req') });
    if (!result.ok) throw new Error(result.reason);
    return result;
  }

  /** The key as it is stored now. */
  async function stored(key: ApiKey): Promise<ApiKey> {
    const found = await deps.keys.findWithTeam(key.id);
    if (!found) throw new Error(`${key.id} is gone`);
    return found.key;
  }

  async function addSubscription(
    applicationId: string,
    plan: Partial<Insertable<PortalSchema['plan']>> & { api_slug: string },
  ): Promise<void> {
    const { kysely } = test.database;
    const slug = newId(systemRandom, 'sub').toLowerCase();
    const api = { slug: plan.api_slug, title: '', summary: '', removed_at_ms: null };
    await kysely
      .insertInto('api')
      .values(api)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    await kysely
      .insertInto('plan')
      .values({
        slug,
        title: '',
        summary: '',
        scopes: 'parcels:read',
        position: 0,
        removed_at_ms: null,
        ...AMPLE,
        ...plan,
      })
      .execute();
    const subscription = { application_id: applicationId, api_slug: plan.api_slug, plan_slug: slug, created_at_ms: 0 };
    await kysely
      .insertInto('subscription')
      .values({ id: newId(systemRandom, 'sub'), ...subscription, ended_at_ms: null })
      .execute();
  }

  return { test, time, deps, nora, mallory, addApplication, addKey, rotate, stored, addSubscription };
}

const AMPLE = { rate_limit: 1_000_000, rate_window_seconds: 60, quota: 1_000_000_000, quota_period: 'day' } as const;

/** Every store on one database, as the portal puts them together. */
export function depsOn(database: Database<PortalSchema>, clock: { nowMs(): number }) {
  return {
    applications: createApplicationStore(database),
    requests: createSubscriptionRequestStore(database, systemRandom),
    plans: createPlanStore(database),
    keys: createKeyStore(database),
    restrictions: createKeyRestrictionStore(database),
    restrictionChoices: createRestrictionChoiceStore(database),
    rotations: createKeyRotationStore(database),
    revocations: createKeyRevocationStore(database),
    suspensions: createKeySuspensionStore(database),
    leaks: createLeakedKeyStore(database),
    leakedKeyAction: 'revoke' as const,
    audit: createAuditStore(database),
    clock,
    random: systemRandom,
    peppers: toPeppers({ keyPepper: PEPPER, keyPepperPrevious: null }),
    prefix: 'gth',
  };
}

export type House = Awaited<ReturnType<typeof openHouse>>;

/** An entry of an allowlist. */
export const entryOf = (cidr: string, note = ''): AllowlistEntry => ({ cidr, note });

export function keyRequest(): IssueKeyRequest {
  return { name: 'CI', environment: 'live', expiresAtMs: null, allowlist: [], requestId: newId(systemRandom, 'req') };
}
