import { type RawBuilder, sql } from 'kysely';

import type { Database } from '../../src/database/database.ts';
import type { PortalSchema, UsageSchema } from '../../src/database/schema.ts';
import { blockStart, dayColumn } from '../../src/usage/caller-days.ts';
import { DAY_MS } from '../../src/usage/time-slots.ts';

/** Teams of one verified account with one application, which is subscribed to the parcels API and has one key. */
export async function writeSubscribers(
  { kysely }: Database<PortalSchema>,
  count: number,
  nowMs: number,
): Promise<void> {
  const before = sql.lit(nowMs - 200 * DAY_MS);
  const inserts = [
    sql`team (id, name, created_at_ms) select printf('team_%06d', i), printf('Team %d', i), ${before}`,
    sql`account (id, email, email_normalized, password_hash, role, email_verified_at_ms, created_at_ms)
      select printf('acc_%06d', i), printf('a%d@example.org', i), printf('a%d@example.org', i), 'x', 'developer',
        ${before}, ${before}`,
    sql`team_member (team_id, account_id, role) select printf('team_%06d', i), printf('acc_%06d', i), 'admin'`,
    sql`application (id, team_id, name, description, created_at_ms)
      select printf('app_%06d', i), printf('team_%06d', i), 'Depot', '', ${before}`,
    sql`subscription (id, application_id, api_slug, plan_slug, created_at_ms)
      select printf('sub_%06d', i), printf('app_%06d', i), 'parcels', 'free', ${before}`,
    sql`api_key (id, application_id, name, environment, token_hash, pepper_id, first_four, last_four, allowlist,
        request_id, created_by_account_id, created_at_ms)
      select printf('key_%06d', i), printf('app_%06d', i), 'ci', 'live', cast(printf('%032d', i) as blob), 1, 'abcd',
        'efgh', '[]', printf('request-%d', i), printf('acc_%06d', i), ${before}`,
  ];
  for (const insert of inserts) await sql`insert into ${insert} from ${upTo(count)}`.execute(kysely);
}

/** Each key has called one operation of version 1 on each of the last `days` days. */
export async function writeCallers(
  { kysely }: Database<UsageSchema>,
  count: number,
  days: number,
  nowMs: number,
): Promise<void> {
  const todayMs = nowMs - (nowMs % DAY_MS);
  const starts = Array.from({ length: days }, (_, day) => todayMs - day * DAY_MS);
  for (const [block, ofBlock] of Map.groupBy(starts, blockStart)) {
    const columns = sql.raw(ofBlock.map(dayColumn).join(', '));
    const calls = sql.join(ofBlock.map(() => sql.lit(12)));
    await sql`
      insert into api_caller (api_slug, block_start_ms, application_id, key_id, version, operation_id, ${columns})
      select 'parcels', ${block}, printf('app_%06d', i), printf('key_%06d', i), 'v1', 'listShipments', ${calls}
      from ${upTo(count)}`.execute(kysely);
  }
}

function upTo(count: number): RawBuilder<unknown> {
  return sql`(with recursive n(i) as (select 0 union all select i + 1 from n where i + 1 < ${sql.lit(count)}) select i from n)`;
}
