import type { ApiKey } from '../../src/keys/api-key.ts';
import type { Database } from '../../src/database/database.ts';
import type { UsageSchema } from '../../src/database/schema.ts';

/** What the verifier would have written about the calls of a key. */
export async function noteActivity(
  database: Database<UsageSchema>,
  key: Pick<ApiKey, 'id' | 'applicationId'>,
  activity: Partial<UsageSchema['key_activity']> & { last_called_at_ms: number },
): Promise<void> {
  const row = {
    key_id: key.id,
    application_id: key.applicationId,
    last_address: '203.0.113.7',
    last_verdict: 'allowed',
    leaked_in_query_at_ms: null,
    first_called_at_ms: activity.last_called_at_ms,
    ...activity,
  };
  await database.kysely
    .insertInto('key_activity')
    .values(row)
    .onConflict((conflict) => conflict.column('key_id').doUpdateSet(row))
    .execute();
}
