import type { RequestOrigin } from '../accounts/account.ts';
import { securityReportAllowances } from '../accounts/allowance.ts';
import type { AllowanceStore } from '../accounts/allowance-store.ts';
import type { Clock } from '../platform/clock.ts';
import { type Random, newId } from '../platform/random.ts';
import type { ReportCipher } from './report-cipher.ts';
import type { AddToReportResult, FileReportResult, ReportRequest } from './security-report.ts';
import type { SealedMessage, SecurityReportStore } from './security-report-store.ts';

export interface FileReportDeps {
  allowances: Pick<AllowanceStore, 'take'>;
  reports: Pick<SecurityReportStore, 'add' | 'addMessage' | 'findByToken'>;
  cipher: ReportCipher;
  clock: Clock;
  random: Random;
}

const TOKEN_BYTES = 32;

/** By anybody, with or without an account. The token opens the thread of this report and nothing else. */
export async function fileReport(
  deps: FileReportDeps,
  { text, email }: ReportRequest,
  origin: RequestOrigin,
): Promise<FileReportResult> {
  const nowMs = deps.clock.nowMs();
  const waitMs = await deps.allowances.take(securityReportAllowances(origin.address), nowMs);
  if (waitMs > 0) return tooMany(waitMs);
  const id = newId(deps.random, 'rpt');
  const token = Buffer.from(deps.random.bytes(TOKEN_BYTES)).toString('base64url');
  await deps.reports.add({
    id,
    tokenHash: deps.cipher.hashToken(token),
    // The mail about an answer needs the link, which nothing but this can give.
    sealedContact: email === null ? null : deps.cipher.seal(contactPlace(id), JSON.stringify({ email, token })),
    message: sealMessage(deps, id, 'reporter', text, nowMs),
  });
  return { ok: true, reportId: id, token };
}

/** By whoever has the link. */
export async function addToReport(
  deps: FileReportDeps,
  token: string,
  text: string,
  origin: RequestOrigin,
): Promise<AddToReportResult> {
  const report = await deps.reports.findByToken(deps.cipher.hashToken(token));
  if (!report) return { ok: false, reason: 'not_found' };
  const nowMs = deps.clock.nowMs();
  const waitMs = await deps.allowances.take(securityReportAllowances(origin.address), nowMs);
  if (waitMs > 0) return tooMany(waitMs);
  await deps.reports.addMessage(report.id, sealMessage(deps, report.id, 'reporter', text, nowMs));
  return { ok: true };
}

export function sealMessage(
  { cipher, random }: Pick<FileReportDeps, 'cipher' | 'random'>,
  reportId: string,
  author: 'reporter' | 'owner',
  text: string,
  createdAtMs: number,
): SealedMessage {
  return { id: newId(random, 'msg'), author, sealedText: cipher.seal(reportId, text), createdAtMs };
}

/** So that a contact does not open as a text. */
export function contactPlace(reportId: string): string {
  return `${reportId} contact`;
}

function tooMany(waitMs: number) {
  return { ok: false as const, reason: 'too_many_reports' as const, retryAfterSeconds: Math.ceil(waitMs / 1000) };
}
