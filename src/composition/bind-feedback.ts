import { createAllowanceStore } from '../accounts/allowance-store.ts';
import { giveFeedback } from '../feedback/give-feedback.ts';
import { createFeedbackStore } from '../feedback/feedback-store.ts';
import { readFeedback } from '../feedback/read-feedback.ts';
import type { GuideLibrary } from '../guides/guide-library.ts';
import type { MailWriters } from '../jobs/deliver-outbox.ts';
import { revisionOf } from '../notices/notice.ts';
import type { NoticeLibrary } from '../notices/notice-library.ts';
import { sha256Hex } from '../platform/hash.ts';
import { answerReport, listReports, readReport, readReportByToken } from '../security-reports/answer-report.ts';
import { addToReport, fileReport } from '../security-reports/file-report.ts';
import { createReportCipher } from '../security-reports/report-cipher.ts';
import { reportAnsweredMail, reportArrivedMail } from '../security-reports/report-mail.ts';
import { createSecurityReportStore } from '../security-reports/security-report-store.ts';
import type { AccountParts } from './bind-accounts.ts';
import type { Foundation } from './foundation.ts';
import type { Portal } from '../portal/portal.ts';

const REVISION_LENGTH = 12;

export function bindFeedback(
  { databases, clock, random }: Foundation,
  content: { guides: Pick<GuideLibrary, 'find'>; notices: Pick<NoticeLibrary, 'find'> },
): Portal['feedback'] {
  const feedback = createFeedbackStore(databases.portal);
  const revisionOfPage = (page: string): string | null => {
    const [, kind, slug = ''] = /^\/(guides|notices)\/(.+)$/.exec(page) ?? [];
    if (kind === 'notices') {
      const notice = content.notices.find(slug);
      return notice && new Date(revisionOf(notice)).toISOString().slice(0, 10);
    }
    const guide = kind === 'guides' ? content.guides.find(slug) : null;
    return guide && sha256Hex(guide.html).slice(0, REVISION_LENGTH);
  };
  const deps = { allowances: createAllowanceStore(databases.portal), feedback, clock, random };
  return {
    give: (request, origin) => giveFeedback({ ...deps, revisionOf: revisionOfPage }, request, origin),
    overview: (actor, before) => readFeedback(feedback, actor, before),
    remove: async (actor, feedbackId) =>
      actor.role === 'owner' && feedback.remove(feedbackId, actor.accountId, clock.nowMs()),
  };
}

export function bindSecurityReports(foundation: Foundation): Portal['securityReports'] {
  const { databases, clock, random } = foundation;
  const deps = { ...reportParts(foundation), allowances: createAllowanceStore(databases.portal), clock, random };
  return {
    file: (request, origin) => fileReport(deps, request, origin),
    readByToken: (token) => readReportByToken(deps, token),
    addByToken: (token, text, origin) => addToReport(deps, token, text, origin),
    list: (actor, page) => listReports(deps, actor, page),
    read: (actor, reportId) => readReport(deps, actor, reportId),
    answer: (actor, reportId, answer) => answerReport(deps, actor, reportId, answer),
  };
}

export function securityReportMailWriters(foundation: Foundation, { accounts, publicUrl }: AccountParts) {
  const deps = { ...reportParts(foundation), accounts, publicUrl };
  return {
    'mail.security_report': (payload) => reportArrivedMail(deps, payload),
    'mail.security_report_answered': (payload) => reportAnsweredMail(deps, payload),
  } satisfies Partial<MailWriters>;
}

function reportParts({ config, databases, random }: Foundation) {
  return {
    reports: createSecurityReportStore(databases.portal, random),
    cipher: createReportCipher(config.sessionSecret, random),
  };
}
