import type { SafeHtml } from '../platform/markdown.ts';
import type { CvssScore } from './cvss.ts';

/** Anything announced. */
export type Notice = Advisory | Deprecation | Change | Incident;

export const NOTICE_KINDS = ['advisory', 'deprecation', 'change', 'incident'] as const;
export const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const;

interface NoticeBase {
  /** Of a file its name without extension; stable, part of the URL. */
  slug: string;
  title: string;
  summary: string;
  publishedAtMs: number;
  /** When it was last told anew. */
  updatedAtMs: number | null;
  /** What was put right after publication, the newest first; not everything is worth another mail. */
  corrections: readonly Correction[];
  affects: readonly Affected[];
  /** Sanitised HTML of the Markdown body. */
  html: SafeHtml;
}

export interface Correction {
  atMs: number;
  /** Plain text: what was wrong. */
  reason: string;
}

/** A part of one API. */
export interface Affected {
  /** Slug. */
  api: string;
  /** Version lines; none means all of them. */
  versions: readonly string[];
  /** `operationId`s; none means all of them. */
  operations: readonly string[];
  /** Slugs of plans; none, or absent, means all of them. */
  plans?: readonly string[];
  /** Ids of keys; none, or absent, means all of them. They narrow whom it reaches and are shown to owners only. */
  keys?: readonly string[];
}

export interface Advisory extends NoticeBase {
  kind: 'advisory';
  severity: Severity;
  /** Such as `v2.3.1`; null while there is no fix. */
  fixedIn: string | null;
  /** Such as `CVE-2026-12345`. */
  ids: readonly string[];
  /** CVSS 3.1 or 4.0. */
  cvss: CvssScore | null;
  weakness: Weakness | null;
  /** Plain text; what helps until the fix is in use. */
  workaround: string | null;
  /** Who found it. */
  credit: readonly string[];
}

/** An entry of the Common Weakness Enumeration. */
export interface Weakness {
  /** Such as `CWE-340`. */
  id: string;
  name: string;
}

export interface Deprecation extends NoticeBase {
  kind: 'deprecation';
  deprecatedAtMs: number;
  sunsetAtMs: number;
  /** Path or URL of what to move to. */
  replacement: string | null;
  /** Path or URL of how to move. */
  guide: string | null;
}

export interface Change extends NoticeBase {
  kind: 'change';
  /** When callers meet it; null when it is there already, or no day is known. */
  effectiveAtMs: number | null;
}

export interface Incident extends NoticeBase {
  kind: 'incident';
  startedAtMs: number;
  /** At least one entry, the oldest first. */
  timeline: readonly TimelineEntry[];
  /** When something of it was told, or is to be: its publication, entries after it, corrections worth a mail. */
  tellings: readonly number[];
  /** What was learnt, once it is over. */
  review: SafeHtml | null;
}

export const INCIDENT_STATUSES = ['investigating', 'identified', 'monitoring', 'resolved'] as const;
export type IncidentStatus = (typeof INCIDENT_STATUSES)[number];

export interface TimelineEntry {
  atMs: number;
  status: IncidentStatus;
  /** Plain text. */
  text: string;
}

export type Severity = (typeof SEVERITIES)[number];

export interface NoticeProblem {
  file: string;
  line: number | null;
  reason: string;
}

/** Something announced elsewhere in the portal, such as a security policy, that stands in the list and in feeds too. */
export interface Announcement {
  kind: 'policy';
  /** Where it is read, such as `/policies/live-keys-end`. */
  path: string;
  title: string;
  summary: string;
  publishedAtMs: number;
  changedAtMs: number;
  /** null: all APIs. */
  api: string | null;
}

export interface NoticeFilter {
  kind?: Notice['kind'] | Announcement['kind'] | undefined;
  severity?: Severity | undefined;
  api?: string | undefined;
}

export type FeedFormat = 'atom' | 'rss' | 'json';

/** Whether an announcement belongs into a list under `filter`. */
export function isAnnouncedUnder(announcement: Announcement, { kind, severity, api }: NoticeFilter): boolean {
  if (severity !== undefined || (kind !== undefined && kind !== announcement.kind)) return false;
  return api === undefined || announcement.api === null || announcement.api === api;
}

/** The newest entry: what an incident has come to. */
export function latestOf({ timeline }: Pick<Incident, 'timeline'>): TimelineEntry | null {
  return timeline.at(-1) ?? null;
}

/** A notice is told anew when its `updated` changes; a wording is named by that moment, milliseconds since the epoch. */
export function revisionOf(notice: Notice): number {
  return Math.max(...wordingTimes(notice));
}

/** When anything of it last changed, told or not. */
export function changedAtMsOf(notice: Notice): number {
  return Math.max(revisionOf(notice), ...notice.corrections.map(({ atMs }) => atMs));
}

/** One wording of a notice. */
export interface Wording {
  slug: string;
  revisionAtMs: number;
}

export function wordingOf(notice: Notice): Wording {
  return { slug: notice.slug, revisionAtMs: revisionOf(notice) };
}

/**
 * What is to be told of a notice, the oldest first. A correction replaces what was told before; an update of an
 * incident does not: each is told.
 */
export function wordingsOf(notice: Notice): readonly Wording[] {
  if (notice.kind !== 'incident') return [wordingOf(notice)];
  const times = [...new Set(wordingTimes(notice))].sort((a, b) => a - b);
  return times.map((revisionAtMs) => ({ slug: notice.slug, revisionAtMs }));
}

/** Whether this is still to be told. */
export function hasWording(notice: Notice, revisionAtMs: number): boolean {
  return wordingsOf(notice).some((wording) => wording.revisionAtMs === revisionAtMs);
}

function wordingTimes(notice: Notice): readonly number[] {
  return notice.kind === 'incident' ? notice.tellings : [notice.updatedAtMs ?? notice.publishedAtMs];
}

/** How an account wants mails about what is no advisory. */
export type MailPreference = 'immediate' | 'digest' | 'none';

/**
 * How a notice goes to an account. Advisories are always mailed: critical and high ones at once, the others at the
 * latest with the digest. Of an incident a digest of the next day tells nothing.
 */
export function mannerFor(notice: Notice, preference: MailPreference): MailPreference {
  if (notice.kind === 'incident') return preference === 'none' ? 'none' : 'immediate';
  if (notice.kind !== 'advisory') return preference;
  if (notice.severity === 'critical' || notice.severity === 'high') return 'immediate';
  return preference === 'none' ? 'digest' : preference;
}

export type AcknowledgeResult = { ok: true } | { ok: false; reason: 'not_found' | 'not_affected' };

export type RemindResult =
  | { ok: true; /** Mails. */ mails: number }
  | { ok: false; reason: 'not_found' | 'nobody_calls' }
  | { ok: false; reason: 'reminded_recently'; againAtMs: number };
