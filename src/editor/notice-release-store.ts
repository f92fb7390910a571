import type { Transaction } from 'kysely';

import { type AuditRecord, appendAudit } from '../audit/audit-log.ts';
import type { Database } from '../database/database.ts';
import type { PortalSchema } from '../database/schema.ts';
import type { NoticeVersion } from './written-notice.ts';
import { draftColumns, versionRow } from './written-notice-row.ts';

/** What makes a notice public, changes what readers see, or takes it back. Each is false when somebody was quicker. */
export interface NoticeReleaseStore {
  /** A draft becomes scheduled under its address; nobody but owners sees it before. */
  schedule(release: Release & { publishAtMs: number }, audit: AuditRecord): Promise<boolean>;
  /** A scheduled one becomes a draft again. */
  takeBack(release: Pick<Release, 'noticeId' | 'revision' | 'nowMs'>, audit: AuditRecord): Promise<boolean>;
  /** A draft becomes public now. */
  publish(release: Release & { version: NoticeVersion }, audit: AuditRecord): Promise<boolean>;
  /** A scheduled one becomes public, if its time has come; once, whoever asks. */
  publishDue(
    due: { noticeId: string; publishAtMs: number; version: NoticeVersion },
    audit: AuditRecord,
  ): Promise<boolean>;
  /** Readers see another wording. `draft`: what goes on being written; null: what is written is now public. */
  revise(revision: Revision, audit: AuditRecord): Promise<boolean>;
  withdraw(withdrawal: Withdrawal, audit: AuditRecord): Promise<boolean>;
  /** Addresses of written notices that begin like this. */
  takenSlugs(beginning: string): Promise<readonly string[]>;
}

interface Release {
  noticeId: string;
  revision: number;
  slug: string;
  /** True when nothing is made public that no second owner has approved. */
  needsApproval: boolean;
  nowMs: number;
}

type Revision = Pick<Release, 'noticeId' | 'revision' | 'needsApproval' | 'nowMs'> & {
  version: NoticeVersion;
  draft: NoticeVersion['draft'] | null;
};

type Withdrawal = Pick<Release, 'noticeId' | 'revision' | 'nowMs'> & { reason: string };

export function createNoticeReleaseStore({ kysely }: Database<PortalSchema>): NoticeReleaseStore {
  const step = (work: (transaction: Transaction<PortalSchema>) => Promise<boolean>, audit: AuditRecord) =>
    kysely.transaction().execute(async (transaction) => {
      const isDone = await work(transaction);
      if (isDone) await appendAudit(transaction, audit);
      return isDone;
    });
  return {
    schedule: ({ slug, publishAtMs, ...release }, audit) =>
      step((transaction) => {
        const columns = { state: 'scheduled', slug, published_at_ms: publishAtMs } as const;
        return isOne(asSeen(transaction, release, 'draft').set(columns));
      }, audit),
    takeBack: (release, audit) =>
      step((transaction) => {
        const columns = { state: 'draft', slug: null, published_at_ms: null } as const;
        return isOne(asSeen(transaction, release, 'scheduled').set(columns));
      }, audit),
    publish: ({ slug, version, ...release }, audit) =>
      step(async (transaction) => {
        const columns = { state: 'published', slug, published_at_ms: version.atMs, ...WRITTEN } as const;
        if (!(await isOne(asSeen(transaction, release, 'draft').set(columns)))) return false;
        return addVersion(transaction, release.noticeId, version);
      }, audit),
    publishDue: ({ noticeId, publishAtMs, version }, audit) =>
      step(async (transaction) => {
        const due = transaction
          .updateTable('written_notice')
          .set((row) => ({ state: 'published', revision: row('revision', '+', 1), ...WRITTEN }))
          .where('id', '=', noticeId)
          .where('state', '=', 'scheduled')
          .where('published_at_ms', '=', publishAtMs);
        return (await isOne(due)) && addVersion(transaction, noticeId, version);
      }, audit),
    revise: ({ version, draft, ...release }, audit) =>
      step(async (transaction) => {
        const update = asSeen(transaction, release, 'published')
          .$if(version.cause === 'correction' && version.isTold, (query) => query.set({ told_at_ms: version.atMs }))
          .set(draft === null ? WRITTEN : draftColumns(draft));
        return (await isOne(update)) && addVersion(transaction, release.noticeId, version);
      }, audit),
    withdraw: ({ reason, ...release }, audit) =>
      step((transaction) => {
        const columns = { state: 'withdrawn', withdrawn_at_ms: release.nowMs, withdrawn_reason: reason } as const;
        return isOne(asSeen(transaction, release, 'published').set(columns));
      }, audit),
    async takenSlugs(beginning) {
      const rows = await kysely
        .selectFrom('written_notice')
        .select('slug')
        .where('slug', 'like', `${beginning}%`)
        .execute();
      return rows.flatMap(({ slug }) => (slug === null ? [] : [slug]));
    },
  };
}

/** Nothing is written that is not public. */
const WRITTEN = { authors: '[]', approved_by: null } as const;

/** The row, if it is as its reader saw it. */
function asSeen(
  transaction: Transaction<PortalSchema>,
  {
    noticeId,
    revision,
    needsApproval = false,
    nowMs,
  }: { needsApproval?: boolean } & Omit<Revision, 'version' | 'draft' | 'needsApproval'>,
  state: 'draft' | 'scheduled' | 'published',
) {
  return transaction
    .updateTable('written_notice')
    .set({ revision: revision + 1, changed_at_ms: nowMs })
    .where('id', '=', noticeId)
    .where('revision', '=', revision)
    .where('state', '=', state)
    .$if(needsApproval, (query) => query.where('approved_by', 'is not', null));
}

async function isOne(update: {
  executeTakeFirst(): Promise<{ numUpdatedRows: bigint } | undefined>;
}): Promise<boolean> {
  return Number((await update.executeTakeFirst())?.numUpdatedRows ?? 0) === 1;
}

async function addVersion(
  transaction: Transaction<PortalSchema>,
  noticeId: string,
  version: NoticeVersion,
): Promise<true> {
  await transaction.insertInto('written_notice_version').values(versionRow(noticeId, version)).execute();
  return true;
}
