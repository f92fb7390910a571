import { type ExpressionBuilder, type Kysely, type Transaction, sql } from 'kysely';

import type { Database } from '../database/database.ts';
import { type OutboxKind, enqueue, enqueueAll } from '../database/outbox.ts';
import { chunks } from '../platform/chunks.ts';
import type { Random } from '../platform/random.ts';
import type { PortalSchema } from '../database/schema.ts';
import type { MailPreference, Wording } from './notice.ts';
import { type NoticeFacts, noticePublishedEvent, noticeWithdrawnEvent } from './notice-event.ts';

/**
 * Who is told what. A row for each wording and account makes sure that nobody is told twice; the mails follow in
 * portions, so that the outbox never holds more of them than `OUTBOX_MOST`.
 */
export interface NoticeDeliveryStore {
  /**
   * Notes all members of these teams who can act and whose address is verified, unless they are noted already, and
   * queues the event.
   * @param manners by what the account prefers
   */
  tell(notice: NoticeFacts, teamIds: readonly string[], manners: Manners, nowMs: number): Promise<void>;
  /** Notes all who were mailed an earlier wording, to be told at once that it is withdrawn, and queues the event; once. */
  tellFormer(withdrawal: Withdrawal, nowMs: number): Promise<void>;
  /** Hands mails that go at once to the outbox, oldest first. */
  queueImmediate(nowMs: number): Promise<void>;
  /** One mail for each account with something that has waited for the digest since before `beforeMs`. */
  queueDigests(beforeMs: number, nowMs: number): Promise<void>;
  /** What a queued digest holds, newest first. */
  digest(accountId: string, queuedAtMs: number): Promise<readonly Wording[]>;
}

export interface Withdrawal {
  notice: NoticeFacts;
  atMs: number;
  /** For readers. */
  reason: string;
  /** Whom it concerned. */
  teamIds: readonly string[];
}

export type Manners = Readonly<Record<MailPreference, MailPreference>>;

export const OUTBOX_MOST = 1000;

export function createNoticeDeliveryStore({ kysely }: Database<PortalSchema>, random: Random): NoticeDeliveryStore {
  return {
    tell: (notice, teamIds, manners, nowMs) =>
      kysely.transaction().execute(async (transaction) => {
        for (const ids of chunks(teamIds)) {
          await tell(transaction, notice, ids, manners, nowMs);
          await enqueue(transaction, {
            kind: 'event',
            payload: noticePublishedEvent(notice, ids, nowMs),
            random,
            nowMs,
          });
        }
      }),
    tellFormer: (withdrawal, nowMs) =>
      kysely.transaction().execute((transaction) => tellFormer(transaction, withdrawal, random, nowMs)),
    queueImmediate: (nowMs) =>
      kysely.transaction().execute(async (transaction) => {
        const room = await roomInOutbox(transaction, 'mail.notice');
        const payloads = await takeImmediate(transaction, room, nowMs);
        for (const some of chunks(payloads))
          await enqueueAll(transaction, { kind: 'mail.notice', payloads: some, random, nowMs });
      }),
    queueDigests: (beforeMs, nowMs) =>
      kysely.transaction().execute(async (transaction) => {
        const room = await roomInOutbox(transaction, 'mail.notice_digest');
        const accountIds = await takeDigests(transaction, beforeMs, room, nowMs);
        const payloads = accountIds.map((accountId) => ({ accountId, queuedAtMs: nowMs }));
        for (const some of chunks(payloads))
          await enqueueAll(transaction, { kind: 'mail.notice_digest', payloads: some, random, nowMs });
      }),
    digest: (accountId, queuedAtMs) => readDigest(kysely, accountId, queuedAtMs),
  };
}

async function tell(
  transaction: Transaction<PortalSchema>,
  { slug, revisionAtMs }: Wording,
  teamIds: readonly string[],
  manners: Manners,
  nowMs: number,
): Promise<void> {
  const manner = sql<MailPreference>`case coalesce(notice_preference.mail, 'digest')
    when 'immediate' then ${sql.lit(manners.immediate)} when 'digest' then ${sql.lit(manners.digest)}
    else ${sql.lit(manners.none)} end`;
  await transaction
    .insertInto('notice_delivery')
    .columns(['notice_slug', 'revision_at_ms', 'account_id', 'manner', 'created_at_ms', 'queued_at_ms'])
    .expression((expression) =>
      expression
        .selectFrom('team_member')
        .innerJoin('account', 'account.id', 'team_member.account_id')
        .leftJoin('notice_preference', 'notice_preference.account_id', 'account.id')
        .select((row) => [row.val(slug).as('slug'), row.val(revisionAtMs).as('revision'), 'account.id'])
        .select((row) => [manner.as('manner'), row.val(nowMs).as('created'), sql<null>`null`.as('queued')])
        .where('team_id', 'in', teamIds)
        .where(mayBeMailed),
    )
    .onConflict((conflict) => conflict.columns(['notice_slug', 'revision_at_ms', 'account_id']).doNothing())
    .execute();
}

async function tellFormer(
  transaction: Transaction<PortalSchema>,
  { notice, atMs, reason, teamIds }: Withdrawal,
  random: Random,
  nowMs: number,
): Promise<void> {
  const { slug } = notice;
  const wording = { notice_slug: slug, revision_at_ms: atMs };
  const first = await transaction
    .insertInto('notice_publication')
    .values({ ...wording, seen_at_ms: nowMs, announced_at_ms: nowMs, reminded_at_ms: null })
    .onConflict((conflict) => conflict.columns(['notice_slug', 'revision_at_ms']).doNothing())
    .returning('notice_slug')
    .executeTakeFirst();
  if (!first) return;
  // The last portion is without teams: owners are told even when it concerned nobody.
  for (const some of [...chunks(teamIds), []]) {
    const payload = noticeWithdrawnEvent({ ...notice, reason }, some, atMs);
    await enqueue(transaction, { kind: 'event', payload, random, nowMs });
  }
  await transaction
    .insertInto('notice_delivery')
    .columns(['notice_slug', 'revision_at_ms', 'account_id', 'manner', 'created_at_ms', 'queued_at_ms'])
    .expression((expression) =>
      expression
        .selectFrom('notice_delivery')
        .select((row) => [row.val(slug).as('slug'), row.val(atMs).as('revision'), 'account_id'])
        .select((row) => [
          row.val('immediate').as('manner'),
          row.val(nowMs).as('created'),
          sql<null>`null`.as('queued'),
        ])
        .where('notice_slug', '=', slug)
        // Who was only to be told with the next digest has heard nothing of it yet.
        .where('queued_at_ms', 'is not', null)
        .groupBy('account_id'),
    )
    .execute();
}

/** Members who can act, whose address is verified: another may be somebody else's. */
export function mayBeMailed(row: ExpressionBuilder<PortalSchema, 'team_member' | 'account'>) {
  return row.and([
    row('team_member.role', '!=', 'viewer'),
    row('account.email_verified_at_ms', 'is not', null),
    row('account.suspended_at_ms', 'is', null),
  ]);
}

async function roomInOutbox(transaction: Transaction<PortalSchema>, kind: OutboxKind): Promise<number> {
  const { count } = await transaction
    .selectFrom('outbox')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('done_at_ms', 'is', null)
    .where('kind', '=', kind)
    .executeTakeFirstOrThrow();
  return Math.max(0, OUTBOX_MOST - count);
}

async function takeImmediate(
  transaction: Transaction<PortalSchema>,
  limit: number,
  nowMs: number,
): Promise<(Wording & { accountId: string })[]> {
  const rows = await transaction
    .updateTable('notice_delivery')
    .set({ queued_at_ms: nowMs })
    .where((row) =>
      row(
        row.refTuple('notice_slug', 'revision_at_ms', 'account_id'),
        'in',
        row
          .selectFrom('notice_delivery')
          .select(['notice_slug', 'revision_at_ms', 'account_id'])
          .where('manner', '=', 'immediate')
          .where('queued_at_ms', 'is', null)
          .orderBy('created_at_ms')
          .limit(limit)
          .$asTuple('notice_slug', 'revision_at_ms', 'account_id'),
      ),
    )
    // Once more for PostgreSQL: a second process that waited for the row sees here that it is taken.
    .where('queued_at_ms', 'is', null)
    .returning(['notice_slug', 'revision_at_ms', 'account_id'])
    .execute();
  return rows.map((row) => ({ accountId: row.account_id, slug: row.notice_slug, revisionAtMs: row.revision_at_ms }));
}

async function takeDigests(
  transaction: Transaction<PortalSchema>,
  beforeMs: number,
  limit: number,
  nowMs: number,
): Promise<string[]> {
  const rows = await transaction
    .updateTable('notice_delivery')
    .set({ queued_at_ms: nowMs })
    .where((row) =>
      row(
        'account_id',
        'in',
        row
          .selectFrom('notice_delivery')
          .select('account_id')
          .distinct()
          .where('manner', '=', 'digest')
          .where('queued_at_ms', 'is', null)
          .where('created_at_ms', '<', beforeMs)
          .limit(limit),
      ),
    )
    .where('manner', '=', 'digest')
    .where('queued_at_ms', 'is', null)
    .returning('account_id')
    .execute();
  return [...new Set(rows.map((row) => row.account_id))];
}

async function readDigest(kysely: Kysely<PortalSchema>, accountId: string, queuedAtMs: number): Promise<Wording[]> {
  const rows = await kysely
    .selectFrom('notice_delivery')
    .select(['notice_slug', 'revision_at_ms'])
    .where('account_id', '=', accountId)
    .where('manner', '=', 'digest')
    .where('queued_at_ms', '=', queuedAtMs)
    .orderBy('revision_at_ms', 'desc')
    .execute();
  return rows.map((row) => ({ slug: row.notice_slug, revisionAtMs: row.revision_at_ms }));
}
