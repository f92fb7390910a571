import type { Transaction } from 'kysely';

import { type AuditRecord, appendAudit } from '../audit/audit-log.ts';
import { chunks } from '../platform/chunks.ts';
import type { Database } from '../database/database.ts';
import { enqueue, enqueueAll } from '../database/outbox.ts';
import type { Random } from '../platform/random.ts';
import type { PortalSchema } from '../database/schema.ts';
import type { Wording } from './notice.ts';
import { type NoticeFacts, noticePublishedEvent, noticeRemindedEvent } from './notice-event.ts';

/** What has been seen published, and whether all it concerns have been told. */
export interface NoticePublicationStore {
  /** At the very first look notes what there is as known; false when somebody has looked before. */
  beginWatching(present: readonly Wording[], nowMs: number): Promise<boolean>;
  seen(): Promise<readonly (Wording & { isAnnounced: boolean })[]>;
  /** @param isOld nobody is told */
  addSeen(wording: Wording, isOld: boolean, nowMs: number): Promise<void>;
  finishAnnouncement(notice: NoticeFacts, teams: number, nowMs: number): Promise<void>;
  /** Queues the mails and the event unless there was a reminder after `lastBeforeMs`. */
  remind(reminder: Reminder): Promise<'queued' | 'not_seen' | { remindedAtMs: number }>;
}

export interface Reminder {
  notice: NoticeFacts;
  teamIds: readonly string[];
  accountIds: readonly string[];
  actorId: string;
  nowMs: number;
  lastBeforeMs: number;
}

export function createNoticePublicationStore(
  { kysely }: Database<PortalSchema>,
  random: Random,
): NoticePublicationStore {
  return {
    beginWatching: (present, nowMs) =>
      kysely.transaction().execute(async (transaction) => {
        const first = await transaction
          .insertInto('notice_watch')
          .values({ id: 1, first_looked_at_ms: nowMs })
          .onConflict((conflict) => conflict.column('id').doNothing())
          .returning('id')
          .executeTakeFirst();
        if (!first) return false;
        for (const part of chunks(present)) {
          const rows = part.map((wording) => publicationRow(wording, true, nowMs));
          await transaction.insertInto('notice_publication').values(rows).execute();
        }
        return true;
      }),
    async seen() {
      const rows = await kysely.selectFrom('notice_publication').selectAll().execute();
      return rows.map((row) => ({
        slug: row.notice_slug,
        revisionAtMs: row.revision_at_ms,
        isAnnounced: row.announced_at_ms !== null,
      }));
    },
    addSeen: (wording, isOld, nowMs) =>
      kysely.transaction().execute(async (transaction) => {
        const added = await transaction
          .insertInto('notice_publication')
          .values(publicationRow(wording, isOld, nowMs))
          .onConflict((conflict) => conflict.columns(['notice_slug', 'revision_at_ms']).doNothing())
          .returning('notice_slug')
          .executeTakeFirst();
        if (added) await appendAudit(transaction, entryOf('notice.published', wording, 'system', { isOld }, nowMs));
      }),
    finishAnnouncement: (notice, teams, nowMs) =>
      kysely.transaction().execute(async (transaction) => {
        const finished = await publication(transaction, notice)
          .set({ announced_at_ms: nowMs })
          .where('announced_at_ms', 'is', null)
          .executeTakeFirst();
        if (Number(finished.numUpdatedRows) === 0) return;
        await appendAudit(transaction, entryOf('notice.announced', notice, 'system', { teams }, nowMs));
        // Once more for the owners, who are told even when no team is concerned.
        await enqueue(transaction, { kind: 'event', payload: noticePublishedEvent(notice, [], nowMs), random, nowMs });
      }),
    remind: (reminder) => kysely.transaction().execute((transaction) => remind(transaction, reminder, random)),
  };
}

async function remind(
  transaction: Transaction<PortalSchema>,
  { notice, teamIds, accountIds, actorId, nowMs, lastBeforeMs }: Reminder,
  random: Random,
): ReturnType<NoticePublicationStore['remind']> {
  const wording = { slug: notice.slug, revisionAtMs: notice.revisionAtMs };
  const claimed = await publication(transaction, wording)
    .set({ reminded_at_ms: nowMs })
    .where((row) => row.or([row('reminded_at_ms', 'is', null), row('reminded_at_ms', '<=', lastBeforeMs)]))
    .executeTakeFirst();
  if (Number(claimed.numUpdatedRows) === 0) return lastReminder(transaction, wording);
  for (const part of chunks(accountIds)) {
    const payloads = part.map((accountId) => ({ accountId, ...wording }));
    await enqueueAll(transaction, { kind: 'mail.notice_reminder', payloads, random, nowMs });
  }
  for (const part of chunks(teamIds)) {
    await enqueue(transaction, { kind: 'event', payload: noticeRemindedEvent(notice, part, nowMs), random, nowMs });
  }
  await appendAudit(transaction, entryOf('notice.reminded', wording, actorId, { mails: accountIds.length }, nowMs));
  return 'queued';
}

async function lastReminder(
  transaction: Transaction<PortalSchema>,
  { slug, revisionAtMs }: Wording,
): Promise<'not_seen' | { remindedAtMs: number }> {
  const row = await transaction
    .selectFrom('notice_publication')
    .select('reminded_at_ms')
    .where('notice_slug', '=', slug)
    .where('revision_at_ms', '=', revisionAtMs)
    .executeTakeFirst();
  return row?.reminded_at_ms == null ? 'not_seen' : { remindedAtMs: row.reminded_at_ms };
}

function publication(transaction: Transaction<PortalSchema>, { slug, revisionAtMs }: Wording) {
  return transaction
    .updateTable('notice_publication')
    .where('notice_slug', '=', slug)
    .where('revision_at_ms', '=', revisionAtMs);
}

function publicationRow(
  { slug, revisionAtMs }: Wording,
  isKnown: boolean,
  nowMs: number,
): PortalSchema['notice_publication'] {
  return {
    notice_slug: slug,
    revision_at_ms: revisionAtMs,
    seen_at_ms: nowMs,
    announced_at_ms: isKnown ? nowMs : null,
    reminded_at_ms: null,
  };
}

function entryOf(
  action: string,
  { slug, revisionAtMs }: Wording,
  actor: string,
  details: Record<string, unknown>,
  atMs: number,
): AuditRecord {
  return { atMs, actor, action, subject: slug, teamId: null, details: { revisionAtMs, ...details } };
}
