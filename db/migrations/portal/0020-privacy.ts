import type { Migration } from '../../../src/database/migrate.ts';

export const up: Migration['up'] = async (db, { integer }) => {
  // A session that went unused for an hour has no rights of an owner until the password is typed again.
  await db.schema
    .alterTable('session')
    .addColumn('rested', integer, (column) => column.notNull().defaultTo(0))
    .execute();
  // Since when an account is to be deleted, and when it was: what says who it was is gone then.
  await db.schema.alterTable('account').addColumn('deletion_asked_at_ms', integer).execute();
  await db.schema.alterTable('account').addColumn('deleted_at_ms', integer).execute();
  await db.schema
    .createIndex('account_deletion')
    .on('account')
    .column('deletion_asked_at_ms')
    .where('deletion_asked_at_ms', 'is not', null)
    .execute();
};
