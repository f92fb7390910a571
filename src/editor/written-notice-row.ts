import type { Insertable, Selectable } from 'kysely';

import type { PortalSchema } from '../database/schema.ts';
import type { NoticeDraft, NoticeVersion, WrittenNotice } from './written-notice.ts';

type Row = Selectable<PortalSchema['written_notice']>;
type VersionRow = Selectable<PortalSchema['written_notice_version']>;

export function toWrittenNotice(row: Row, versions: readonly VersionRow[]): WrittenNotice {
  return {
    id: row.id,
    slug: row.slug,
    state: row.state,
    draft: toDraft(row),
    revision: row.revision,
    authors: JSON.parse(row.authors) as string[],
    approvedBy: row.approved_by,
    createdAtMs: row.created_at_ms,
    changedAtMs: row.changed_at_ms,
    changedBy: row.changed_by,
    publishedAtMs: row.published_at_ms,
    toldAtMs: row.told_at_ms,
    withdrawal: row.withdrawn_at_ms === null ? null : { atMs: row.withdrawn_at_ms, reason: row.withdrawn_reason ?? '' },
    versions: versions.map(toVersion),
  };
}

function toVersion(row: VersionRow): NoticeVersion {
  return {
    number: row.number,
    atMs: row.at_ms,
    accountId: row.account_id,
    cause: row.cause,
    reason: row.reason,
    isTold: row.is_told === 1,
    draft: toDraft(row),
  };
}

/** Only what passed the schema is stored. */
function toDraft(row: { fields: string; markdown: string }): NoticeDraft {
  return { fields: JSON.parse(row.fields) as NoticeDraft['fields'], text: row.markdown };
}

export function draftColumns({ fields, text }: NoticeDraft): { fields: string; markdown: string } {
  return { fields: JSON.stringify(fields), markdown: text };
}

export function versionRow(
  noticeId: string,
  version: NoticeVersion,
): Insertable<PortalSchema['written_notice_version']> {
  return {
    notice_id: noticeId,
    number: version.number,
    at_ms: version.atMs,
    account_id: version.accountId,
    cause: version.cause,
    reason: version.reason,
    is_told: version.isTold ? 1 : 0,
    ...draftColumns(version.draft),
  };
}
