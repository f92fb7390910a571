/** Rows of notices that owners write in the portal; a part of its database. */
export interface WrittenNoticeTables {
  written_notice: {
    id: string;
    /** null for what was never to be published. */
    slug: string | null;
    state: 'draft' | 'scheduled' | 'published' | 'withdrawn';
    /** What is being written: JSON of the fields that a file would have as front matter, and its text. */
    fields: string;
    markdown: string;
    /** Rises with every change, so that nobody changes what they have not seen. */
    revision: number;
    /** JSON array of the accounts that have written since the last publication. */
    authors: string;
    /** The account that approved what is being written; null when that changed since. */
    approved_by: string | null;
    created_at_ms: number;
    changed_at_ms: number;
    changed_by: string;
    /** Of a scheduled one: when it is to be. */
    published_at_ms: number | null;
    /** When a correction was last mailed. */
    told_at_ms: number | null;
    withdrawn_at_ms: number | null;
    withdrawn_reason: string | null;
  };
  written_notice_version: {
    notice_id: string;
    /** From 1. */
    number: number;
    at_ms: number;
    /** Account, or `system` for what was scheduled. */
    account_id: string;
    cause: 'publication' | 'correction' | 'update';
    reason: string;
    is_told: number;
    fields: string;
    markdown: string;
  };
}
