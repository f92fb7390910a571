import { sql } from 'kysely';

import type { Database } from '../../src/database/database.ts';
import type { PortalSchema } from '../../src/database/schema.ts';

/** What every key of the benchmark is limited to. */
export const ALLOWLIST = '["203.0.113.0/24"]';

const KEYS_PER_APPLICATION = 20;

/**
 * Keys whose tokens nobody knows, with applications and subscriptions as all others have them: SQLite writes a million of
 * them in a few seconds, where issuing them would take a minute.
 * @param group makes names unique
 */
export async function addFillers({ kysely }: Database<PortalSchema>, group: string, keys: number): Promise<void> {
  if (keys === 0) return;
  const applications = Math.ceil(keys / KEYS_PER_APPLICATION);
  const numbers = (most: number) =>
    sql`with recursive numbers(n) as (select 0 union all select n + 1 from numbers where n + 1 < ${most})`;
  const sample = await kysely
    .selectFrom('api_key')
    .innerJoin('application', 'application.id', 'api_key.application_id')
    .innerJoin('subscription', 'subscription.application_id', 'application.id')
    .select(['team_id', 'created_by_account_id', 'api_slug', 'plan_slug', 'pepper_id', 'api_key.created_at_ms'])
    .executeTakeFirstOrThrow();
  const { team_id: team, api_slug: api, plan_slug: plan, created_at_ms: atMs } = sample;
  await kysely.transaction().execute(async (transaction) => {
    const run = (query: ReturnType<typeof sql>) => query.execute(transaction);
    await run(sql`insert into application (id, team_id, name, description, created_at_ms)
      ${numbers(applications)} select 'app_' || ${group} || '_' || n, ${team}, 'Depot ' || n, '', ${atMs} from numbers`);
    await run(sql`insert into subscription (id, application_id, api_slug, plan_slug, created_at_ms)
      ${numbers(applications)} select 'sub_' || ${group} || '_' || n, 'app_' || ${group} || '_' || n, ${api}, ${plan}, ${atMs}
      from numbers`);
    await run(sql`insert into api_key (id, application_id, name, environment, token_hash, pepper_id, first_four, last_four,
        allowlist, request_id, created_by_account_id, created_at_ms)
      ${numbers(keys)} select 'key_' || ${group} || '_' || n, 'app_' || ${group} || '_' || (n / ${sql.lit(KEYS_PER_APPLICATION)}),
        'Scanner ' || n, 'live', randomblob(32), ${sample.pepper_id}, 'abcd', 'wxyz', ${ALLOWLIST},
        'filler-' || ${group} || '-' || n, ${sample.created_by_account_id}, ${atMs} from numbers`);
  });
}
