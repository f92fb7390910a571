import type { Actor, RequestOrigin } from '../accounts/account.ts';
import type { FeedbackCursor, FeedbackOverview, FeedbackRequest, GiveFeedbackResult } from '../feedback/feedback.ts';
import type {
  AddToReportResult,
  AnswerReportResult,
  FileReportResult,
  ReportCursor,
  ReportRequest,
  ReportState,
  ReportThread,
  SecurityReport,
} from '../security-reports/security-report.ts';

/** Whether guides and notices are clear. */
export interface PortalFeedback {
  give(request: FeedbackRequest, origin: RequestOrigin): Promise<GiveFeedbackResult>;
  /** Owners only; null for everybody else. */
  overview(actor: Actor, before: FeedbackCursor | null): Promise<FeedbackOverview | null>;
  /** Owners only; false when there is no such feedback. */
  remove(actor: Actor, feedbackId: string): Promise<boolean>;
}

/** Weaknesses that anybody reports in private. */
export interface PortalSecurityReports {
  file(request: ReportRequest, origin: RequestOrigin): Promise<FileReportResult>;
  /** By the reporter's link; null for a token that is none of ours. */
  readByToken(token: string): Promise<ReportThread | null>;
  addByToken(token: string, text: string, origin: RequestOrigin): Promise<AddToReportResult>;
  /** Owners only; null for everybody else. */
  list(actor: Actor, page: { before: ReportCursor | null; limit: number }): Promise<readonly SecurityReport[] | null>;
  read(actor: Actor, reportId: string): Promise<ReportThread | null>;
  answer(actor: Actor, reportId: string, answer: { text: string; state: ReportState }): Promise<AnswerReportResult>;
}
