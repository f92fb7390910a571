/** What a list of audit entries is narrowed to; null: everything. */
export interface AuditFilter {
  area: AuditArea | null;
  /** Entries about an application or one of its keys. */
  applicationId: string | null;
  /** Account id, `system`, or `others`: owners who are no members of the team. */
  actor: string | null;
  /** Id of what it was done to, such as a key. */
  subject: string | null;
  /** Inclusive. */
  fromMs: number | null;
  /** Exclusive. */
  untilMs: number | null;
}

/** First words of actions. */
export const AUDIT_AREAS = [
  'key',
  'application',
  'account',
  'access_token',
  'webhook',
  'notice',
  'policy',
  'team',
  'owner',
  'catalog',
  'document',
  'calendar_feed',
  'feedback',
  'security_report',
] as const;

export type AuditArea = (typeof AUDIT_AREAS)[number];

export const NO_AUDIT_FILTER: AuditFilter = {
  area: null,
  applicationId: null,
  actor: null,
  subject: null,
  fromMs: null,
  untilMs: null,
};

/** Whose entries: those of teams, with what the account did to itself; or everybody's, for owners. */
export type AuditScope = { teamIds: readonly string[]; accountId: string } | 'everything';

/** A page of entries, newest first. */
export interface AuditQuery {
  filter: AuditFilter;
  /** Only older entries than this one; null for the newest. */
  beforeSequence: number | null;
  limit: number;
}
