import { sql } from 'kysely';

import { readInChunks } from '../platform/chunks.ts';
import type { Database } from '../database/database.ts';
import type { UsageSchema } from '../database/schema.ts';
import type { CallManner, PolicyBatch, PolicyCount } from './policy-tally.ts';

/** Calls in one manner, summed over the hours that were asked for. */
export interface MannerSum {
  keyId: string;
  api: string;
  isBasic: boolean;
  /** '' when it is not known or was not noted. */
  address: string;
  calls: number;
}

/** Calls that broke a policy. */
export interface BrokenSum {
  keyId: string;
  rule: string;
  outcome: PolicyCount['outcome'];
  calls: number;
  /** Start of the last hour with such a call. */
  lastStartMs: number;
}

export interface PolicyCountStore {
  /** Adds a batch in one transaction. */
  add(batch: PolicyBatch): Promise<void>;
  /** Forgets how keys were used before a moment; what broke policies is kept. */
  removeBefore(startMs: number): Promise<void>;
  /** How keys were used since a moment; of some keys, or of all. */
  manners(sinceMs: number, keyIds?: readonly string[]): Promise<readonly MannerSum[]>;
  /** What broke a policy since a moment, by key, rule and outcome. */
  broken(policyId: string, sinceMs: number): Promise<readonly BrokenSum[]>;
}

export function createPolicyCountStore(database: Database<UsageSchema>): PolicyCountStore {
  const { kysely } = database;
  const insertManners = database.prepareInsert<CallManner>({
    table: 'call_manner',
    columns: {
      ...{ key_id: 'text', start_ms: 'integer', api_slug: 'text', is_basic: 'integer' },
      ...{ address: 'text', calls: 'integer' },
    },
    ending: `on conflict (key_id, start_ms, api_slug, is_basic, address)
      do update set calls = call_manner.calls + excluded.calls`,
  });
  const insertCounts = database.prepareInsert<PolicyCount>({
    table: 'policy_count',
    columns: {
      ...{ policy_id: 'text', start_ms: 'integer', key_id: 'text', rule: 'text' },
      ...{ outcome: 'text', calls: 'integer' },
    },
    ending: `on conflict (policy_id, start_ms, key_id, rule, outcome)
      do update set calls = policy_count.calls + excluded.calls`,
  });
  return {
    add: ({ manners, counts }) =>
      kysely.transaction().execute(async (transaction) => {
        await insertManners(transaction, manners);
        await insertCounts(transaction, counts);
      }),
    async removeBefore(startMs) {
      await kysely.deleteFrom('call_manner').where('start_ms', '<', startMs).execute();
    },
    async manners(sinceMs, keyIds) {
      const query = kysely
        .selectFrom('call_manner')
        .select(['key_id', 'api_slug', 'is_basic', 'address'])
        .select(sql<number>`cast(sum(calls) as bigint)`.as('calls'))
        .where('start_ms', '>=', sinceMs)
        .groupBy(['key_id', 'api_slug', 'is_basic', 'address']);
      const rows = keyIds
        ? await readInChunks(keyIds, (ids) => query.where('key_id', 'in', ids).execute())
        : await query.execute();
      return rows.map((row) => ({
        keyId: row.key_id,
        api: row.api_slug,
        isBasic: row.is_basic === 1,
        address: row.address,
        calls: row.calls,
      }));
    },
    async broken(policyId, sinceMs) {
      return kysely
        .selectFrom('policy_count')
        .select(['key_id as keyId', 'rule', 'outcome'])
        .select(sql<number>`cast(sum(calls) as bigint)`.as('calls'))
        .select(({ fn }) => fn.max<number>('start_ms').as('lastStartMs'))
        .where('policy_id', '=', policyId)
        .where('start_ms', '>=', sinceMs)
        .groupBy(['key_id', 'rule', 'outcome'])
        .execute();
    },
  };
}
