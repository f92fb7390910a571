import type { Migration } from '../../../src/database/migrate.ts';

export const up: Migration['up'] = async (db, { createTable, integer }) => {
  await createTable('security_policy')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('slug', 'text', (column) => column.notNull().unique())
    .addColumn('title', 'text', (column) => column.notNull())
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('api_slug', 'text')
    .addColumn('plan_slug', 'text')
    .addColumn('environment', 'text', (column) => column.notNull())
    .addColumn('rules', 'text', (column) => column.notNull())
    .addColumn('stage', 'text', (column) => column.notNull())
    .addColumn('announced_at_ms', integer)
    .addColumn('observed_at_ms', integer)
    .addColumn('warned_at_ms', integer)
    .addColumn('enforced_at_ms', integer)
    .addColumn('created_at_ms', integer, (column) => column.notNull())
    .addColumn('revision', integer, (column) => column.notNull())
    .execute();
  // Whom it would have hit when they were told: what has become of them is compared with this.
  await createTable('policy_told')
    .addColumn('policy_id', 'text', (column) => column.notNull().references('security_policy.id'))
    .addColumn('key_id', 'text', (column) => column.notNull().references('api_key.id'))
    .addColumn('team_id', 'text', (column) => column.notNull())
    .addColumn('rule', 'text', (column) => column.notNull())
    .addColumn('told_at_ms', integer, (column) => column.notNull())
    .addPrimaryKeyConstraint('policy_told_pk', ['policy_id', 'key_id'])
    .execute();
  await db.schema.createIndex('policy_told_team').on('policy_told').column('team_id').execute();
};
