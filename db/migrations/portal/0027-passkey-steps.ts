import type { Migration } from '../../../src/database/migrate.ts';

/** Accounts whose second step is a passkey: an authenticator app has a table of its own. */
export const up: Migration['up'] = async (_, { createTable, integer }) => {
  await createTable('passkey_step')
    .addColumn('account_id', 'text', (column) => column.primaryKey().notNull().references('account.id'))
    .addColumn('turned_on_at_ms', integer, (column) => column.notNull())
    .execute();
};
