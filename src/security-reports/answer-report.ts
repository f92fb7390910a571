import type { Actor } from '../accounts/account.ts';
import type { Clock } from '../platform/clock.ts';
import type { Random } from '../platform/random.ts';
import { sealMessage } from './file-report.ts';
import type { ReportCipher } from './report-cipher.ts';
import type { AnswerReportResult, ReportCursor, ReportState, ReportThread, SecurityReport } from './security-report.ts';
import type { SecurityReportStore } from './security-report-store.ts';

export interface AnswerReportDeps {
  reports: Pick<SecurityReportStore, 'answer' | 'find' | 'findByToken' | 'messages' | 'list'>;
  cipher: ReportCipher;
  clock: Clock;
  random: Random;
}

/** Owners only; null for everybody else. Newest first. */
export async function listReports(
  { reports }: AnswerReportDeps,
  actor: Pick<Actor, 'role'>,
  page: { before: ReportCursor | null; limit: number },
): Promise<readonly SecurityReport[] | null> {
  return actor.role === 'owner' ? reports.list(page.before, page.limit) : null;
}

/** Owners only. */
export async function readReport(
  deps: AnswerReportDeps,
  actor: Pick<Actor, 'role'>,
  reportId: string,
): Promise<ReportThread | null> {
  return actor.role === 'owner' ? threadOf(deps, await deps.reports.find(reportId)) : null;
}

/** For whoever has the link. */
export async function readReportByToken(deps: AnswerReportDeps, token: string): Promise<ReportThread | null> {
  return threadOf(deps, await deps.reports.findByToken(deps.cipher.hashToken(token)));
}

/** Owners only. A text, another state, or both. */
export async function answerReport(
  deps: AnswerReportDeps,
  actor: Pick<Actor, 'role' | 'accountId'>,
  reportId: string,
  { text, state }: { text: string; state: ReportState },
): Promise<AnswerReportResult> {
  const report = actor.role === 'owner' ? await deps.reports.find(reportId) : null;
  if (!report) return { ok: false, reason: 'not_found' };
  if (text === '' && state === report.state) return { ok: false, reason: 'nothing_changed' };
  const nowMs = deps.clock.nowMs();
  const message = text === '' ? null : sealMessage(deps, reportId, 'owner', text, nowMs);
  const answered = await deps.reports.answer({ reportId, actorId: actor.accountId, state, message, nowMs });
  return answered ? { ok: true } : { ok: false, reason: 'not_found' };
}

async function threadOf(
  { reports, cipher }: AnswerReportDeps,
  report: SecurityReport | null,
): Promise<ReportThread | null> {
  if (!report) return null;
  const messages = await reports.messages(report.id);
  return {
    report,
    messages: messages.map(({ author, sealedText, createdAtMs }) => ({
      author,
      text: cipher.open(report.id, sealedText),
      createdAtMs,
    })),
  };
}
