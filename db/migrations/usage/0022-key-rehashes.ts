import type { Migration } from '../../../src/database/migrate.ts';

/** What the verifier learnt from a call: the hash of a key under the current pepper. The portal moves the key. */
export const up: Migration['up'] = async (_, { createTable, integer }) => {
  await createTable('key_rehash')
    .addColumn('key_id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('former_hash', 'text', (column) => column.notNull())
    .addColumn('token_hash', 'text', (column) => column.notNull())
    .addColumn('pepper_id', integer, (column) => column.notNull())
    .addColumn('at_ms', integer, (column) => column.notNull())
    .execute();
};
