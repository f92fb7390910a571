import type { Actor } from '../../src/accounts/account.ts';
import { createAccountStore } from '../../src/accounts/account-store.ts';
import { createAuditStore } from '../../src/audit/audit-store.ts';
import type { DialectName } from '../../src/database/database.ts';
import { newId, systemRandom } from '../../src/platform/random.ts';
import { createActivePolicyStore } from '../../src/policies/active-policy-store.ts';
import { createPolicyCountStore } from '../../src/policies/policy-count-store.ts';
import { createPolicyDatesStore } from '../../src/policies/policy-dates-store.ts';
import { createPolicyKeyStore } from '../../src/policies/policy-key-store.ts';
import { createPolicyScopeStore } from '../../src/policies/policy-scope-store.ts';
import { createPolicyStageStore } from '../../src/policies/policy-stage-store.ts';
import { createPolicyStore } from '../../src/policies/policy-store.ts';
import { addActor, addApi } from '../applications/cast.ts';
import { openTestDatabase, openUsageTestDatabase } from '../support/databases.ts';

export const NOW_MS = Date.UTC(2026, 10, 24, 10);
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

export interface Consumer extends Actor {
  applicationId: string;
  keyId: string;
}

export type PolicyOffice = Awaited<ReturnType<typeof openPolicyOffice>>;

/** Everything about policies on real databases, with a clock that the test turns. */
export async function openPolicyOffice(dialect: DialectName) {
  const portal = await openTestDatabase(dialect);
  const usage = await openUsageTestDatabase(dialect);
  const db = portal.database.kysely;
  const time = { nowMs: NOW_MS };
  await addApi(portal.database, 'parcels', [{ slug: 'free' }]);
  const owner = { ...(await addActor(portal.database, 'olga')), role: 'owner' as const };

  /** A team with one member, an application subscribed to the parcels API, and a live key of the day before. */
  async function addConsumer(name: string, { allowlist }: { allowlist: string }): Promise<Consumer> {
    const actor = await addActor(portal.database, name);
    const [applicationId, keyId] = [newId(systemRandom, 'app'), newId(systemRandom, 'key')];
    const application = { id: applicationId, team_id: actor.teamIds[0] ?? '', name: `Depot of ${name}` };
    await db
      .insertInto('application')
      .values({ ...application, description: '', created_at_ms: 1, deleted_at_ms: null })
      .execute();
    await db
      .insertInto('subscription')
      .values({
        id: newId(systemRandom, 'sub'),
        application_id: applicationId,
        api_slug: 'parcels',
        plan_slug: 'free',
        created_at_ms: 1,
        ended_at_ms: null,
      })
      .execute();
    await db
      .insertInto('api_key')
      .values({
        id: keyId,
        application_id: applicationId,
        name: `Key of ${name}`,
        environment: 'live',
        token_hash: Buffer.from(keyId),
        pepper_id: 1,
        first_four: 'aaaa',
        last_four: 'zzzz',
        allowlist,
        request_id: keyId,
        created_by_account_id: actor.accountId,
        created_at_ms: NOW_MS - DAY_MS,
        expires_at_ms: null,
        suspended_at_ms: null,
        revoked_at_ms: null,
        revoke_reason: null,
      })
      .execute();
    return { ...actor, applicationId, keyId };
  }

  return {
    policies: createPolicyStore(portal.database),
    scopes: createPolicyScopeStore(portal.database),
    stages: createPolicyStageStore(portal.database),
    dates: createPolicyDatesStore(portal.database),
    keys: createPolicyKeyStore(portal.database),
    active: createActivePolicyStore(portal.database),
    counts: createPolicyCountStore(usage.database),
    audit: createAuditStore(portal.database),
    accounts: createAccountStore(portal.database, systemRandom),
    clock: { nowMs: () => time.nowMs },
    random: systemRandom,
    publicUrl: 'https://portal.example',
    time,
    owner,
    addConsumer,
    restrict: async (keyId: string, allowlist: string): Promise<void> => {
      await db.updateTable('api_key').set({ allowlist }).where('id', '=', keyId).execute();
    },
    /** Kind and the telling half of the payload of what waits in the outbox. */
    queued: async (): Promise<[kind: string, payload: object][]> => {
      const rows = await db
        .selectFrom('outbox')
        .select(['kind', 'payload'])
        .orderBy('kind')
        .orderBy('payload')
        .execute();
      return rows.map(({ kind, payload }) => {
        const { type, teamIds, accountId, stage } = JSON.parse(payload) as Record<string, unknown>;
        return [kind, kind === 'event' ? { type, teamIds } : { accountId, stage }];
      });
    },
    forgetQueued: async (): Promise<void> => {
      await db.deleteFrom('outbox').execute();
    },
    close: async (): Promise<void> => {
      await portal.close();
      await usage.close();
    },
  };
}
