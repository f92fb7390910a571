import type { SafeHtml } from '../platform/markdown.ts';

/** Anything announced: advisories and deprecations. */
export type Notice = Advisory | Deprecation;

interface NoticeBase {
  /** File name without extension; stable, part of the URL. */
  slug: string;
  title: string;
  summary: string;
  publishedAtMs: number;
  updatedAtMs: number | null;
  affects: readonly Affected[];
  /** Sanitised HTML of the Markdown body. */
  html: SafeHtml;
}

/** A part of one API. */
export interface Affected {
  /** Slug. */
  api: string;
  /** Version lines; none means all of them. */
  versions: readonly string[];
  /** `operationId`s; none means all of them. */
  operations: readonly string[];
}

export interface Advisory extends NoticeBase {
  kind: 'advisory';
  severity: Severity;
  /** Such as `v2.3.1`; null while there is no fix. */
  fixedIn: string | null;
  /** Such as `CVE-2026-12345`. */
  ids: readonly string[];
  /** CVSS 3.1 or 4.0 vector. */
  cvss: string | null;
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
}

export type Severity = 'critical' | 'high' | 'medium' | 'low';

export interface NoticeProblem {
  file: string;
  line: number | null;
  reason: string;
}

export interface NoticeFilter {
  kind?: Notice['kind'] | undefined;
  severity?: Severity | undefined;
  api?: string | undefined;
}

export type FeedFormat = 'atom' | 'rss' | 'json';

/** A notice is told anew when its `updated` changes; a wording is named by that moment, milliseconds since the epoch. */
export function revisionOf(notice: Notice): number {
  return notice.updatedAtMs ?? notice.publishedAtMs;
}

/** One wording of a notice. */
export interface Wording {
  slug: string;
  revisionAtMs: number;
}

export function wordingOf(notice: Notice): Wording {
  return { slug: notice.slug, revisionAtMs: revisionOf(notice) };
}

/** How an account wants mails about what is no advisory. */
export type MailPreference = 'immediate' | 'digest' | 'none';

/**
 * How a notice goes to an account. Advisories are always mailed: critical and high ones at once, the others at the
 * latest with the digest.
 */
export function mannerFor(notice: Notice, preference: MailPreference): MailPreference {
  if (notice.kind === 'deprecation') return preference;
  if (notice.severity === 'critical' || notice.severity === 'high') return 'immediate';
  return preference === 'none' ? 'digest' : preference;
}

export type AcknowledgeResult = { ok: true } | { ok: false; reason: 'not_found' | 'not_affected' };

export type RemindResult =
  | { ok: true; /** Mails. */ mails: number }
  | { ok: false; reason: 'not_found' | 'nobody_calls' }
  | { ok: false; reason: 'reminded_recently'; againAtMs: number };
