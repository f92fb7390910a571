import { appendAudit } from '../audit/audit-log.ts';
import type { Database } from '../database/database.ts';
import type { PortalSchema } from '../database/schema.ts';
import type { FeedbackComment, FeedbackCursor, PageFeedback } from './feedback.ts';

export interface FeedbackStore {
  add(feedback: FeedbackComment): Promise<void>;
  /** Of all pages that anybody said something of. */
  counts(): Promise<readonly PageFeedback[]>;
  /** Those with a text, newest first. */
  comments(before: FeedbackCursor | null, limit: number): Promise<readonly FeedbackComment[]>;
  /** With an audit entry that does not hold the text. @returns false when there is none */
  remove(id: string, actorId: string, nowMs: number): Promise<boolean>;
}

export function createFeedbackStore({ kysely }: Database<PortalSchema>): FeedbackStore {
  return {
    async add({ isClear, createdAtMs, ...row }) {
      await kysely
        .insertInto('page_feedback')
        .values({ ...row, clear: isClear ? 1 : 0, created_at_ms: createdAtMs })
        .execute();
    },
    async counts() {
      const rows = await kysely
        .selectFrom('page_feedback')
        .select(['page', 'clear'])
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .groupBy(['page', 'clear'])
        .orderBy('page')
        .execute();
      return Array.from(
        Map.groupBy(rows, ({ page }) => page),
        ([page, counts]) => {
          const count = (clear: number): number => counts.find((row) => row.clear === clear)?.count ?? 0;
          return { page, clear: count(1), unclear: count(0) };
        },
      );
    },
    async comments(before, limit) {
      const newest = kysely.selectFrom('page_feedback').selectAll().where('comment', '!=', '');
      const older = before
        ? newest.where((row) =>
            row.or([
              row('created_at_ms', '<', before.createdAtMs),
              row.and([row('created_at_ms', '=', before.createdAtMs), row('id', '<', before.id)]),
            ]),
          )
        : newest;
      const rows = await older.orderBy('created_at_ms', 'desc').orderBy('id', 'desc').limit(limit).execute();
      return rows.map(({ clear, created_at_ms, ...row }) => ({
        ...row,
        isClear: clear === 1,
        createdAtMs: created_at_ms,
      }));
    },
    remove: (id, actorId, nowMs) =>
      kysely.transaction().execute(async (transaction) => {
        const removed = await transaction
          .deleteFrom('page_feedback')
          .where('id', '=', id)
          .returning('page')
          .executeTakeFirst();
        if (!removed) return false;
        const entry = { action: 'feedback.deleted', subject: id, teamId: null, details: { page: removed.page } };
        await appendAudit(transaction, { atMs: nowMs, actor: actorId, ...entry });
        return true;
      }),
  };
}
