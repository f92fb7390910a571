import type { Actor } from '../accounts/account.ts';
import type { Clock } from '../platform/clock.ts';
import { type Random, newId } from '../platform/random.ts';
import type { SubscribeResult, Subscription } from './application.ts';
import type { ApplicationStore } from './application-store.ts';
import type { SubscribeRequest } from './subscribe.form.ts';

export interface SubscribeApplicationDeps {
  applications: ApplicationStore;
  clock: Clock;
  random: Random;
}

/** Lets an application use a plan of an API; one plan per API at a time. */
export async function subscribeApplication(
  deps: SubscribeApplicationDeps,
  actor: Actor,
  request: SubscribeRequest & { applicationId: string },
): Promise<SubscribeResult> {
  const nowMs = deps.clock.nowMs();
  const application = await deps.applications.find(actor.teamIds, request.applicationId);
  if (!application) return { ok: false, reason: 'not_found' };
  const subscription: Subscription = { id: newId(deps.random, 'sub'), ...request, createdAtMs: nowMs };
  const outcome = await deps.applications.subscribe(subscription, {
    atMs: nowMs,
    actor: actor.accountId,
    action: 'application.subscribed',
    subject: application.id,
    teamId: application.teamId,
    details: { subscriptionId: subscription.id, apiSlug: request.apiSlug, planSlug: request.planSlug },
  });
  return outcome === 'subscribed' ? { ok: true, subscription } : { ok: false, reason: outcome };
}
