import { sql } from 'kysely';

import type { Migration } from '../../../src/database/migrate.ts';

export const up: Migration['up'] = async (db, { createTable }) => {
  await db.schema
    .alterTable('operation')
    .addColumn('slug', 'text', (column) => column.notNull().defaultTo(''))
    .execute();
  await db.schema.createIndex('operation_slug').on('operation').columns(['api_slug', 'version', 'slug']).execute();
  await db.schema
    .createIndex('operation_tag')
    .on('operation')
    .columns(['api_slug', 'version', 'tag', 'position'])
    .execute();
  await createTable('document_part')
    .addColumn('api_slug', 'text', (column) => column.notNull())
    .addColumn('version', 'text', (column) => column.notNull())
    .addColumn('pointer', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) =>
      column.notNull().check(sql`kind in ('root', 'path', 'operation', 'webhook', 'schema', 'component')`),
    )
    .addColumn('slug', 'text', (column) => column.notNull())
    .addColumn('json', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('document_part_pk', ['api_slug', 'version', 'pointer'])
    .addForeignKeyConstraint('document_part_version', ['api_slug', 'version'], 'api_version', ['api_slug', 'version'])
    .execute();
  await db.schema
    .createIndex('document_part_slug')
    .on('document_part')
    .columns(['api_slug', 'version', 'kind', 'slug'])
    .execute();
  // Documents that are stored already have no parts: at the next start they count as changed and are written anew.
  await sql`update api_version set document_sha256 = ''`.execute(db);
};
