import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

import { type Transaction, sql } from 'kysely';

import type { Migration } from '../../../src/database/migrate.ts';

const compress = promisify(gzip);

interface Before {
  api_version: {
    api_slug: string;
    version: string;
    document: string;
    document_sha256: string;
    title: string;
    document_version: string;
    removed_at_ms: number | null;
  };
  operation: { api_slug: string; version: string };
  document_revision: Record<string, unknown>;
  audit_entry: { at_ms: number };
}

export const up: Migration['up'] = async (db, { blob, createTable, integer }) => {
  const version = (): ReturnType<typeof db.schema.alterTable> => db.schema.alterTable('api_version');
  // Of the file's document when it was last published; null for a version whose document is pushed.
  await version().addColumn('file_sha256', 'text').execute();
  await version()
    .addColumn('published_revision', integer, (column) => column.notNull().defaultTo(0))
    .execute();
  await version()
    .addColumn('awaits_document', integer, (column) => column.notNull().defaultTo(0))
    .execute();
  await createTable('document_revision')
    .addColumn('api_slug', 'text', (column) => column.notNull())
    .addColumn('version', 'text', (column) => column.notNull())
    .addColumn('number', integer, (column) => column.notNull())
    .addColumn('state', 'text', (column) =>
      column.notNull().check(sql`state in ('candidate', 'published', 'superseded', 'discarded')`),
    )
    .addColumn('origin', 'text', (column) =>
      column.notNull().check(sql`origin in ('file', 'pushed', 'uploaded', 'pasted')`),
    )
    .addColumn('format', 'text', (column) => column.notNull().check(sql`format in ('yaml', 'json')`))
    .addColumn('note', 'text', (column) => column.notNull())
    .addColumn('created_by', 'text', (column) => column.notNull())
    .addColumn('created_at_ms', integer, (column) => column.notNull())
    .addColumn('published_by', 'text')
    .addColumn('published_at_ms', integer)
    .addColumn('ended_at_ms', integer)
    .addColumn('title', 'text', (column) => column.notNull())
    .addColumn('document_version', 'text', (column) => column.notNull())
    .addColumn('operation_count', integer, (column) => column.notNull())
    .addColumn('source_bytes', integer, (column) => column.notNull())
    .addColumn('source_sha256', 'text', (column) => column.notNull())
    .addColumn('document_sha256', 'text', (column) => column.notNull())
    .addColumn('source', blob)
    .addColumn('document', blob)
    .addColumn('kept_bytes', integer, (column) => column.notNull().defaultTo(0))
    .addColumn('lint', 'text')
    .addForeignKeyConstraint('document_revision_version', ['api_slug', 'version'], 'api_version', [
      'api_slug',
      'version',
    ])
    .addPrimaryKeyConstraint('document_revision_pk', ['api_slug', 'version', 'number'])
    .execute();
  // Whatever the program does: one document at a time, and one that waits for its decision.
  for (const state of ['published', 'candidate']) {
    await db.schema
      .createIndex(`document_revision_${state}`)
      .unique()
      .on('document_revision')
      .columns(['api_slug', 'version'])
      .where(sql.ref('state'), '=', sql.lit(state))
      .execute();
  }
  await keepWhatIsPublished(db);
};

/** Documents come from files until now; each is the first revision of its version. */
async function keepWhatIsPublished(db: Transaction<Before>): Promise<void> {
  const { latest } = await db
    .selectFrom('audit_entry')
    .select(({ fn }) => fn.max<number | null>('at_ms').as('latest'))
    .executeTakeFirstOrThrow();
  const versions = await db.selectFrom('api_version').select(['api_slug', 'version']).execute();
  for (const { api_slug, version } of versions) {
    const row = await db
      .selectFrom('api_version')
      .select(['document', 'document_sha256', 'title', 'document_version'])
      .where('api_slug', '=', api_slug)
      .where('version', '=', version)
      .executeTakeFirstOrThrow();
    const { operations } = await db
      .selectFrom('operation')
      .select(({ fn }) => fn.countAll<number>().as('operations'))
      .where('api_slug', '=', api_slug)
      .where('version', '=', version)
      .executeTakeFirstOrThrow();
    const document = await compress(row.document);
    await db
      .insertInto('document_revision')
      .values({
        api_slug,
        version,
        number: 1,
        state: 'published',
        origin: 'file',
        format: 'json',
        note: '',
        created_by: 'system',
        created_at_ms: latest ?? 0,
        published_by: 'system',
        published_at_ms: latest ?? 0,
        ended_at_ms: null,
        title: row.title,
        document_version: row.document_version,
        operation_count: operations,
        source_bytes: Buffer.byteLength(row.document),
        source_sha256: '',
        document_sha256: row.document_sha256,
        source: null,
        document,
        kept_bytes: document.length,
        lint: null,
      })
      .execute();
  }
  await sql`update api_version set file_sha256 = document_sha256, published_revision = 1`.execute(db);
}
