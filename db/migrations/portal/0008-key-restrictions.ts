import type { Migration } from '../../../src/database/migrate.ts';

export const up: Migration['up'] = async (db) => {
  // One column at a time: SQLite adds no more with one statement.
  const key = () => db.schema.alterTable('api_key');
  await key()
    .addColumn('allowlist_notes', 'text', (column) => column.notNull().defaultTo('{}'))
    .execute();
  await key()
    .addColumn('restrictions', 'text', (column) => column.notNull().defaultTo('{}'))
    .execute();
};
