import type { Actor } from '../accounts/account.ts';
import type { ApplicationStore } from '../applications/application-store.ts';
import type { Application, Subscription } from '../applications/application.ts';
import type { KeyLineageStore } from '../key-rotation/key-lineage-store.ts';
import type { PlanStore } from '../plans/plan-store.ts';
import { quotaWindowAt } from '../plans/plan.ts';
import type { Clock } from '../platform/clock.ts';
import { readApplicationUsage } from '../usage/read-application-usage.ts';
import { readUsageReport } from '../usage/read-usage-report.ts';
import type { UsageReadingStore } from '../usage/usage-reading-store.ts';
import type { UsageStore } from '../usage/usage-store.ts';
import type { ApplicationUsage, KeyActivity } from '../usage/usage.ts';
import type { Portal } from '../portal/portal.ts';

export interface BoundUsage {
  forApplication: Portal['usage']['forApplication'];
  allowedToday: Portal['usage']['allowedToday'];
  report: Portal['usage']['report'];
  keyReport: Portal['usage']['keyReport'];
  addresses: Portal['usage']['addresses'];
  apiReport: Portal['usage']['apiReport'];
  activity(actor: Actor, applicationId: string): Promise<readonly KeyActivity[]>;
  /** For callers that proved their right already. */
  ofApplication(application: Application, days: number): Promise<ApplicationUsage>;
  /** Also for them only. */
  lastCall(key: { id: string; applicationId: string }): Promise<KeyActivity | null>;
}

interface UsageParts {
  applications: Pick<ApplicationStore, 'find' | 'list' | 'subscriptions'>;
  plans: PlanStore;
  lineages: KeyLineageStore;
  usage: UsageStore;
  reading: UsageReadingStore;
  clock: Clock;
}

const MOST_ADDRESSES = 1000;

/** Usage knows no teams: whose application it is, is asked here before anything is read. */
export function bindUsage({ applications, plans, lineages, usage, reading, clock }: UsageParts): BoundUsage {
  const ofApplication = async ({ id, teamId }: Application, days: number): Promise<ApplicationUsage> => {
    const subscriptions = await withPlans(plans, await applications.subscriptions([teamId], id));
    const hasKeyQuotas = subscriptions.some(({ plan }) => plan.limits.perKey.quotas.length > 0);
    const keyIds = hasKeyQuotas ? await lineages.lineagesOf(id) : [];
    const request = { applicationId: id, subscriptions, keyIds, days };
    return readApplicationUsage({ reading, quotas: usage }, request, clock.nowMs());
  };
  return {
    ofApplication,
    async lastCall({ id, applicationId }) {
      const activities = await reading.keyActivities(applicationId);
      return activities.find(({ keyId }) => keyId === id) ?? null;
    },
    async forApplication(actor, applicationId, days) {
      const application = await applications.find(actor.teamIds, applicationId);
      return application && ofApplication(application, days);
    },
    async allowedToday(actor) {
      const own = await applications.list(actor.teamIds);
      const { startMs } = quotaWindowAt('day', clock.nowMs());
      return reading.countAllowed(
        own.map(({ id }) => id),
        startMs,
      );
    },
    async report(actor, applicationId, range) {
      const application = await applications.find(actor.teamIds, applicationId);
      return application && readUsageReport(reading, { of: 'application', applicationId }, range, clock.nowMs());
    },
    async keyReport(actor, applicationId, keyId, range) {
      const application = await applications.find(actor.teamIds, applicationId);
      return application && readUsageReport(reading, { of: 'key', applicationId, keyId }, range, clock.nowMs());
    },
    async addresses(actor, applicationId, keyId) {
      const application = await applications.find(actor.teamIds, applicationId);
      if (!application) return null;
      // Addresses are kept by key alone; a key that called is known to belong to its application.
      const isOwn = (await reading.keyActivities(applicationId)).some((activity) => activity.keyId === keyId);
      return isOwn ? reading.addresses(keyId, MOST_ADDRESSES) : [];
    },
    async apiReport(actor, apiSlug, range) {
      if (actor.role !== 'owner') return null;
      return readUsageReport(reading, { of: 'api', apiSlug }, range, clock.nowMs());
    },
    async activity(actor, applicationId) {
      const application = await applications.find(actor.teamIds, applicationId);
      return application ? reading.keyActivities(application.id) : [];
    },
  };
}

async function withPlans(plans: PlanStore, subscriptions: readonly Subscription[]) {
  const found = [];
  for (const { id, apiSlug, planSlug } of subscriptions) {
    const plan = await plans.find(apiSlug, planSlug);
    if (plan) found.push({ id, plan });
  }
  return found;
}
