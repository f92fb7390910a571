import type { Migration } from '../../../src/database/migrate.ts';

export const up: Migration['up'] = async (db, { integer }) => {
  // When dates were last changed after the policy was announced; null: never.
  await db.schema.alterTable('security_policy').addColumn('replanned_at_ms', integer).execute();
};
