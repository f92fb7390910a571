import type { Migration } from '../../../src/database/migrate.ts';

export const up: Migration['up'] = async (db) => {
  // Of the reader and the file's text that file_sha256 came from; null: the file is read again.
  await db.schema.alterTable('api_version').addColumn('file_reading', 'text').execute();
};
