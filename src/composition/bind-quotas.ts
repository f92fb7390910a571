import { changeQuotaMail } from '../applications/change-quota-mail.ts';
import { createApplicationStore } from '../applications/application-store.ts';
import type { AlertPercent } from '../applications/quota-alert.ts';
import { quotaReachedMail } from '../applications/quota-alert-mail.ts';
import { createQuotaAlertStore } from '../applications/quota-alert-store.ts';
import { startQuotaAlerts } from '../jobs/alert-quotas.ts';
import type { MailWriters } from '../jobs/deliver-outbox.ts';
import { createUsageStore } from '../usage/usage-store.ts';
import type { AccountParts } from './bind-accounts.ts';
import type { Foundation } from './foundation.ts';
import type { Portal } from '../portal/portal.ts';

/** What the page of owners looks back on, and how much of it. */
const SHOWN_MS = 31 * 86_400_000;
const MOST_SHOWN = 200;

/** Alerts about quotas, and the choice of an application's team to be mailed about them. */
export function bindQuotas({ databases, clock }: Foundation): Portal['quotas'] {
  const alerts = createQuotaAlertStore(databases.portal);
  const applications = createApplicationStore(databases.portal);
  return {
    alerts: async (actor, page = { before: null, limit: MOST_SHOWN }) =>
      actor.role === 'owner' ? alerts.listSince(clock.nowMs() - SHOWN_MS, page) : null,
    isMailed: (actor, applicationId) => alerts.isMailed(actor.teamIds, applicationId),
    async changeMail(actor, applicationId, { isMailed }) {
      const application = await applications.find(actor.teamIds, applicationId);
      if (!application) return { ok: false, reason: 'not_found' };
      return changeQuotaMail({ alerts, clock }, actor, application, isMailed);
    },
  };
}

export function startQuotaJobs({ config, databases, clock, random, log }: Foundation): { stop(): Promise<void> } {
  // The settings allow nothing else.
  const percents = (values: readonly number[]): AlertPercent[] => values as AlertPercent[];
  return startQuotaAlerts({
    alerts: createQuotaAlertStore(databases.portal),
    usage: createUsageStore(databases.usage),
    policy: {
      teamPercents: percents(config.quotaMailPercents),
      ownerPercents: percents(config.quotaOwnerMailPercents),
    },
    clock,
    random,
    log,
  });
}

export function quotaMailWriters({ databases, clock }: Foundation, { accounts, publicUrl }: AccountParts) {
  const deps = { accounts, alerts: createQuotaAlertStore(databases.portal), clock, publicUrl };
  return {
    'mail.quota_reached': (payload) => quotaReachedMail(deps, payload),
  } satisfies Partial<MailWriters>;
}
