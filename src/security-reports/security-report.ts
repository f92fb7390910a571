import type { TooMany } from '../accounts/account.ts';

export const REPORT_MAX_LENGTH = 20_000;

export const REPORT_STATES = ['received', 'confirmed', 'fixed', 'declined'] as const;
export type ReportState = (typeof REPORT_STATES)[number];

export interface ReportRequest {
  text: string;
  /** Where to say that there is an answer; null for nowhere. */
  email: string | null;
}

export interface SecurityReport {
  id: string;
  state: ReportState;
  hasContact: boolean;
  createdAtMs: number;
  changedAtMs: number;
}

/** Last report of a page. */
export interface ReportCursor {
  createdAtMs: number;
  id: string;
}

export const REPORTS_PER_PAGE = 100;

/** null for what is none: then the list begins with the newest. */
export function readReportCursor(text: string | null): ReportCursor | null {
  const [, createdAt, id] = /^(\d{1,15})\.(\w{1,40})$/.exec(text ?? '') ?? [];
  return createdAt !== undefined && id !== undefined ? { createdAtMs: Number(createdAt), id } : null;
}

export function reportCursorText({ createdAtMs, id }: ReportCursor): string {
  return `${createdAtMs}.${id}`;
}

export interface ReportMessage {
  author: 'reporter' | 'owner';
  /** null: it was encrypted under another SESSION_SECRET. */
  text: string | null;
  createdAtMs: number;
}

export interface ReportThread {
  report: SecurityReport;
  /** Oldest first. */
  messages: readonly ReportMessage[];
}

/** `token`: for the reporter's link, shown once. */
export type FileReportResult = { ok: true; reportId: string; token: string } | TooMany<'too_many_reports'>;
export type AddToReportResult = { ok: true } | { ok: false; reason: 'not_found' } | TooMany<'too_many_reports'>;
export type AnswerReportResult = { ok: true } | { ok: false; reason: 'not_found' | 'nothing_changed' };
