import type { SafeHtml } from '../platform/markdown.ts';

/** Anything announced. This issue knows advisories and deprecations. */
export type Notice = Advisory | Deprecation;

interface NoticeBase {
  /** File name without extension; stable, part of the URL. */
  slug: string;
  title: string;
  summary: string;
  publishedAtMs: number;
  updatedAtMs: number | null;
  /** API slugs and version lines it concerns; no versions means all of them. */
  affects: readonly { api: string; versions: readonly string[] }[];
  /** Sanitised HTML of the Markdown body. */
  html: SafeHtml;
}

export interface Advisory extends NoticeBase {
  kind: 'advisory';
  severity: Severity;
  /** Such as `v2.3.1`; null while there is no fix. */
  fixedIn: string | null;
  /** Such as `CVE-2026-12345`. */
  ids: readonly string[];
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
