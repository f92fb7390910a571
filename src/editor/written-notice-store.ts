import type { ExpressionBuilder } from 'kysely';

import { type AuditRecord, appendAudit } from '../audit/audit-log.ts';
import { readInChunks } from '../platform/chunks.ts';
import type { Database } from '../database/database.ts';
import type { PortalSchema } from '../database/schema.ts';
import type { WrittenNotice } from './written-notice.ts';
import { draftColumns, toWrittenNotice } from './written-notice-row.ts';

/** Notices as they are being written; what makes them public is in `notice-release-store.ts`. */
export interface WrittenNoticeStore {
  /** The last changed first. */
  list(): Promise<readonly WrittenNotice[]>;
  find(noticeId: string): Promise<WrittenNotice | null>;
  findBySlug(slug: string): Promise<WrittenNotice | null>;
  /** Scheduled ones whose time has come. */
  listDue(nowMs: number): Promise<readonly WrittenNotice[]>;
  /** Ids and revisions: equal when nothing has changed. */
  fingerprint(): Promise<string>;
  add(notice: WrittenNotice, audit: AuditRecord): Promise<void>;
  /** Replaces the draft, its authors and approval; false when it was changed since it was read, or is no draft any more. */
  change(notice: WrittenNotice, audit: AuditRecord): Promise<boolean>;
  /** Removes what was never public; false when it was changed since it was read. */
  discard(notice: WrittenNotice, audit: AuditRecord): Promise<boolean>;
}

type Condition = (
  row: ExpressionBuilder<PortalSchema, 'written_notice'>,
) => ReturnType<ExpressionBuilder<PortalSchema, 'written_notice'>['and']>;

export function createWrittenNoticeStore({ kysely }: Database<PortalSchema>): WrittenNoticeStore {
  const withVersions = async (condition: Condition): Promise<WrittenNotice[]> => {
    const rows = await kysely
      .selectFrom('written_notice')
      .selectAll()
      .where(condition)
      .orderBy('changed_at_ms', 'desc')
      .orderBy('id')
      .execute();
    const versions = await readInChunks(
      rows.map(({ id }) => id),
      (ids) =>
        kysely
          .selectFrom('written_notice_version')
          .selectAll()
          .where('notice_id', 'in', ids)
          .orderBy('notice_id')
          .orderBy('number')
          .execute(),
    );
    const byNotice = Map.groupBy(versions, (version) => version.notice_id);
    return rows.map((row) => toWrittenNotice(row, byNotice.get(row.id) ?? []));
  };
  return {
    list: () => withVersions((row) => row.and([])),
    find: async (id) => (await withVersions((row) => row('id', '=', id)))[0] ?? null,
    findBySlug: async (slug) => (await withVersions((row) => row('slug', '=', slug)))[0] ?? null,
    listDue: (nowMs) =>
      withVersions((row) => row.and([row('state', '=', 'scheduled'), row('published_at_ms', '<=', nowMs)])),
    async fingerprint() {
      const rows = await kysely.selectFrom('written_notice').select(['id', 'revision']).orderBy('id').execute();
      return rows.map(({ id, revision }) => `${id} ${revision}`).join('\n');
    },
    add: (notice, audit) =>
      kysely.transaction().execute(async (transaction) => {
        await transaction
          .insertInto('written_notice')
          .values({
            ...{ id: notice.id, slug: null, state: 'draft', ...draftColumns(notice.draft) },
            ...{ revision: notice.revision, authors: JSON.stringify(notice.authors), approved_by: null },
            ...{ created_at_ms: notice.createdAtMs, changed_at_ms: notice.changedAtMs, changed_by: notice.changedBy },
            ...{ published_at_ms: null, told_at_ms: null, withdrawn_at_ms: null, withdrawn_reason: null },
          })
          .execute();
        await appendAudit(transaction, audit);
      }),
    change: (notice, audit) =>
      kysely.transaction().execute(async (transaction) => {
        const changed = await transaction
          .updateTable('written_notice')
          .set({
            ...draftColumns(notice.draft),
            ...{ revision: notice.revision + 1, authors: JSON.stringify(notice.authors) },
            ...{ approved_by: notice.approvedBy, changed_at_ms: notice.changedAtMs, changed_by: notice.changedBy },
          })
          .where('id', '=', notice.id)
          .where('revision', '=', notice.revision)
          .where('state', 'in', ['draft', 'published'])
          .returning('id')
          .executeTakeFirst();
        if (changed) await appendAudit(transaction, audit);
        return changed !== undefined;
      }),
    discard: (notice, audit) =>
      kysely.transaction().execute(async (transaction) => {
        const removed = await transaction
          .deleteFrom('written_notice')
          .where('id', '=', notice.id)
          .where('revision', '=', notice.revision)
          .where('state', '=', 'draft')
          .returning('id')
          .executeTakeFirst();
        if (removed) await appendAudit(transaction, audit);
        return removed !== undefined;
      }),
  };
}
