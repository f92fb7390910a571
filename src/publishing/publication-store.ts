import type { Transaction } from 'kysely';

import { type AuditRecord, appendAudit } from '../audit/audit-log.ts';
import type { OpenApiDocument } from '../catalog/catalog.ts';
import { type NewRevision, addCandidate, publishRevision, trimHistory } from '../catalog/revision-writing-store.ts';
import { chunks } from '../platform/chunks.ts';
import type { Database } from '../database/database.ts';
import { enqueue } from '../database/outbox.ts';
import type { Random } from '../platform/random.ts';
import type { PortalSchema } from '../database/schema.ts';
import type { VersionAddress } from './revision.ts';

type Db = Transaction<PortalSchema>;

export interface Publication {
  number: number;
  document: OpenApiDocument;
  /** The published revision that was compared with; 0 for none. */
  basis: number;
  actor: string;
  atMs: number;
  /** Changes that break clients. */
  breaking: number;
  audit: AuditRecord;
}

/** Changes what is published: each method is one transaction with its audit entry. */
export interface PublicationStore {
  /** The number of the candidate; null when there is no such version any more. */
  submit(key: VersionAddress, revision: NewRevision, audit: (number: number) => AuditRecord): Promise<number | null>;
  publish(
    key: VersionAddress,
    publication: Publication,
  ): Promise<'done' | 'not_found' | 'not_publishable' | 'published_meanwhile'>;
  /** False when it is no candidate any more. */
  discard(key: VersionAddress, number: number, audit: AuditRecord): Promise<boolean>;
}

export interface PublicationStoreDeps {
  random: Random;
  historyMaxBytes: number;
}

export function createPublicationStore(
  { kysely }: Database<PortalSchema>,
  { random, historyMaxBytes }: PublicationStoreDeps,
): PublicationStore {
  return {
    submit: (key, revision, audit) =>
      kysely.transaction().execute(async (transaction) => {
        if ((await takeTurn(transaction, key)) === null) return null;
        const number = await addCandidate(transaction, key, revision);
        await trimHistory(transaction, key, historyMaxBytes);
        await appendAudit(transaction, audit(number));
        return number;
      }),
    publish: (key, publication) =>
      kysely.transaction().execute(async (transaction) => {
        const published = await takeTurn(transaction, key);
        if (published === null) return 'not_found';
        if (published !== publication.basis) return 'published_meanwhile';
        const row = await transaction
          .selectFrom('document_revision')
          .select(['state', 'kept_bytes'])
          .where('api_slug', '=', key.slug)
          .where('version', '=', key.version)
          .where('number', '=', publication.number)
          .executeTakeFirst();
        if (!row) return 'not_found';
        if ((row.state !== 'candidate' && row.state !== 'superseded') || row.kept_bytes === 0) return 'not_publishable';
        await publishRevision(transaction, key, publication);
        await trimHistory(transaction, key, historyMaxBytes);
        await appendAudit(transaction, publication.audit);
        await tellSubscribers(transaction, key, publication, random);
        return 'done';
      }),
    discard: (key, number, audit) =>
      kysely.transaction().execute(async (transaction) => {
        const { numUpdatedRows } = await transaction
          .updateTable('document_revision')
          .set({ state: 'discarded', ended_at_ms: audit.atMs })
          .where('api_slug', '=', key.slug)
          .where('version', '=', key.version)
          .where('number', '=', number)
          .where('state', '=', 'candidate')
          .executeTakeFirst();
        if (numUpdatedRows === 0n) return false;
        await appendAudit(transaction, audit);
        return true;
      }),
  };
}

/** Writers of one version come one after the other: the row is theirs until the transaction ends. */
async function takeTurn(db: Db, { slug, version }: VersionAddress): Promise<number | null> {
  const row = await db
    .updateTable('api_version')
    .set((expression) => ({ version: expression.ref('version') }))
    .where('api_slug', '=', slug)
    .where('version', '=', version)
    .where((row) => row.or([row('removed_at_ms', 'is', null), row('awaits_document', '=', 1)]))
    .returning('published_revision')
    .executeTakeFirst();
  return row?.published_revision ?? null;
}

/** Teams that use the API hear of its new document. */
async function tellSubscribers(
  db: Db,
  { slug, version }: VersionAddress,
  { number, document, breaking, atMs }: Publication,
  random: Random,
): Promise<void> {
  const teams = await db
    .selectFrom('subscription')
    .innerJoin('application', 'application.id', 'subscription.application_id')
    .select('application.team_id')
    .distinct()
    .where('api_slug', '=', slug)
    .where('ended_at_ms', 'is', null)
    .where('deleted_at_ms', 'is', null)
    .orderBy('application.team_id')
    .execute();
  const data = {
    apiSlug: slug,
    version,
    revision: number,
    documentVersion: document.documentVersion,
    breakingChanges: breaking,
  };
  const about = { type: 'document.published', teamId: null, applicationId: null, atMs, data } as const;
  const onceKey = `document.published ${slug} ${version} ${number} ${atMs}`;
  const groups = teams.length === 0 ? [[]] : [...chunks(teams.map(({ team_id }) => team_id))];
  for (const teamIds of groups)
    await enqueue(db, { kind: 'event', payload: { ...about, teamIds, onceKey }, random, nowMs: atMs });
}
