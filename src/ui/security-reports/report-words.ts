import type { FieldErrors } from '../../platform/parsed.ts';
import type { ReportState } from '../../security-reports/security-report.ts';
import { countText } from '../wording.ts';

export const stateNames: Readonly<Record<ReportState, string>> = {
  received: 'Received',
  confirmed: 'Confirmed',
  fixed: 'Fixed',
  declined: 'Declined',
};

/** What each state means to the reporter. */
export const stateTexts: Readonly<Record<ReportState, string>> = {
  received: 'Your report has arrived. Somebody will read it and answer here.',
  confirmed: 'We found what you found, and are working on it.',
  fixed: 'It is fixed. Thank you.',
  declined: 'We looked at it and will not change anything; the reason is below.',
};

export function tooManyReports(refusal: { reason: string; retryAfterSeconds?: number }): FieldErrors {
  const wait = countText(refusal.retryAfterSeconds ?? 1, 'second');
  return { '': `Too many reports are arriving. Nothing is lost: send this again in ${wait}.` };
}
