import type { AccountStore } from '../accounts/account-store.ts';
import type { Mail } from '../platform/mailer.ts';
import type { OutboxPayloads } from '../database/outbox.ts';
import { contactPlace } from './file-report.ts';
import type { ReportCipher } from './report-cipher.ts';
import type { SecurityReportStore } from './security-report-store.ts';

export interface ReportMailDeps {
  accounts: Pick<AccountStore, 'find'>;
  reports: Pick<SecurityReportStore, 'sealedContact'>;
  cipher: ReportCipher;
  publicUrl: string;
}

/** To an owner, without the text: mail passes many hands. */
export async function reportArrivedMail(
  { accounts, publicUrl }: ReportMailDeps,
  { accountId, reportId }: OutboxPayloads['mail.security_report'],
): Promise<Mail | null> {
  const account = await accounts.find(accountId);
  if (account?.role !== 'owner') return null;
  return {
    to: account.email,
    subject: 'A report of a weakness has arrived',
    text: `Hello,

somebody reported a weakness, or added to a report. Read and answer it here:

${publicUrl}/owner/security-reports/${reportId}
`,
  };
}

/** To the reporter: the link and nothing else. null when they left no address, or it cannot be read any more. */
export async function reportAnsweredMail(
  { reports, cipher, publicUrl }: ReportMailDeps,
  { reportId }: OutboxPayloads['mail.security_report_answered'],
): Promise<Mail | null> {
  const sealed = await reports.sealedContact(reportId);
  const opened = sealed && cipher.open(contactPlace(reportId), sealed);
  if (opened === null) return null;
  const { email, token } = JSON.parse(opened) as { email: string; token: string };
  return {
    to: email,
    subject: 'Your report was answered',
    text: `Hello,

there is something new about your report ${reportId}. Read it here:

${publicUrl}/security/reports/${token}

Who has this link can read the report. Keep it to yourself.
`,
  };
}
