import type { Account, Team } from '../accounts/account.ts';
import type { Clock } from '../platform/clock.ts';
import type { Mail } from '../platform/mailer.ts';
import type { OutboxPayloads } from '../database/outbox.ts';
import type { QuotaAlert } from './quota-alert.ts';
import type { QuotaAlertStore } from './quota-alert-store.ts';

export interface QuotaMailDeps {
  accounts: {
    find(accountId: string): Promise<Account | null>;
    teamsOf(accountId: string): Promise<readonly Team[]>;
  };
  alerts: Pick<QuotaAlertStore, 'find'>;
  clock: Clock;
  /** Origin that links are made from. */
  publicUrl: string;
}

/** Tells of a share of a quota; null when the quota has renewed meanwhile, or it is none of the reader's business. */
export async function quotaReachedMail(
  { accounts, alerts, clock, publicUrl }: QuotaMailDeps,
  payload: OutboxPayloads['mail.quota_reached'],
): Promise<Mail | null> {
  const alert = await alerts.find(payload);
  const account = await accounts.find(payload.accountId);
  if (!alert || alert.windowEndMs <= clock.nowMs() || account?.suspendedAtMs !== null) return null;
  const teams = await accounts.teamsOf(account.id);
  const isMember = teams.some(({ id }) => id === alert.teamId);
  if (!isMember && account.role !== 'owner') return null;
  const page = isMember ? `${publicUrl}/applications/${alert.applicationId}/usage` : `${publicUrl}/owner/quotas`;
  const of = isMember ? '' : ` of the team ${alert.teamName}`;
  const subject =
    alert.percent === 100
      ? `${alert.applicationName} has used its quota`
      : `${alert.applicationName} has used ${alert.percent} % of its quota`;
  return {
    to: account.email,
    subject,
    text: `Hello,

the application "${alert.applicationName}"${of} has used ${numbers.format(alert.used)} of ${numbers.format(alert.limit)} calls
of the quota "${alert.quotaName}" for ${whatFor(alert)} on the plan ${alert.planSlug}.

The quota renews on ${dates.format(alert.windowEndMs)} UTC. ${whatNext(alert)}

${page}
${isMember ? '\nThese mails can be switched off on the page of the application.\n' : ''}`,
  };
}

function whatFor({ apiSlug, operationId, keyId }: QuotaAlert): string {
  const operation = operationId === '' ? '' : `, operation ${operationId}`;
  return `the API ${apiSlug}${operation}${keyId === '' ? '' : ', one of its keys'}`;
}

function whatNext({ percent }: QuotaAlert): string {
  return percent === 100
    ? 'Until then further\ncalls are refused with 429, unless the plan allows an overrun.'
    : 'When all of it is\nused, calls are refused with 429.';
}

const numbers = new Intl.NumberFormat('en');
const dates = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });
