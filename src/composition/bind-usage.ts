import type { Actor } from '../accounts/account.ts';
import type { ApplicationStore } from '../applications/application-store.ts';
import type { Application, Subscription } from '../applications/application.ts';
import type { PlanStore } from '../plans/plan-store.ts';
import { quotaWindowAt } from '../plans/plan.ts';
import type { Clock } from '../platform/clock.ts';
import { readApplicationUsage } from '../usage/read-application-usage.ts';
import type { UsageStore } from '../usage/usage-store.ts';
import type { ApplicationUsage, KeyActivity } from '../usage/usage.ts';
import type { Portal } from './portal.ts';

export interface BoundUsage {
  forApplication: Portal['usage']['forApplication'];
  allowedToday: Portal['usage']['allowedToday'];
  activity(actor: Actor, applicationId: string): Promise<readonly KeyActivity[]>;
  /** For callers that proved their right already. */
  ofApplication(application: Application, days: number): Promise<ApplicationUsage>;
  /** Also for them only. */
  lastCall(key: { id: string; applicationId: string }): Promise<KeyActivity | null>;
}

interface UsageParts {
  applications: Pick<ApplicationStore, 'find' | 'list' | 'subscriptions'>;
  plans: PlanStore;
  usage: UsageStore;
  clock: Clock;
}

/** Usage knows no teams: whose application it is, is asked here before anything is read. */
export function bindUsage({ applications, plans, usage, clock }: UsageParts): BoundUsage {
  const ofApplication = async ({ id, teamId }: Application, days: number): Promise<ApplicationUsage> => {
    const subscriptions = await withPlans(plans, await applications.subscriptions([teamId], id));
    return readApplicationUsage(usage, { applicationId: id, subscriptions, days }, clock.nowMs());
  };
  return {
    ofApplication,
    async lastCall({ id, applicationId }) {
      const activities = await usage.keyActivities(applicationId);
      return activities.find(({ keyId }) => keyId === id) ?? null;
    },
    async forApplication(actor, applicationId, days) {
      const application = await applications.find(actor.teamIds, applicationId);
      return application && ofApplication(application, days);
    },
    async allowedToday(actor) {
      const own = await applications.list(actor.teamIds);
      const { startMs } = quotaWindowAt('day', clock.nowMs());
      return usage.countAllowed(
        own.map(({ id }) => id),
        startMs,
      );
    },
    async activity(actor, applicationId) {
      const application = await applications.find(actor.teamIds, applicationId);
      return application ? usage.keyActivities(application.id) : [];
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
