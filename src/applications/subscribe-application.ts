import type { Actor } from '../accounts/account.ts';
import type { Clock } from '../platform/clock.ts';
import { type Random, newId } from '../platform/random.ts';
import { teamsWith } from '../teams/role.ts';
import type { Application, SubscribeResult, Subscription } from './application.ts';
import type { ApplicationStore } from './application-store.ts';
import type { SubscriptionRequestStore } from './subscription-request-store.ts';
import type { SubscribeRequest } from './subscribe.form.ts';

export interface SubscribeApplicationDeps {
  applications: ApplicationStore;
  requests: Pick<SubscriptionRequestStore, 'add'>;
  clock: Clock;
  random: Random;
}

/** Lets an application use a plan of an API, or asks an owner for it; one plan per API at a time. */
export async function subscribeApplication(
  deps: SubscribeApplicationDeps,
  actor: Actor,
  request: SubscribeRequest & { applicationId: string },
): Promise<SubscribeResult> {
  const nowMs = deps.clock.nowMs();
  const application = await deps.applications.find(teamsWith(actor, 'manage'), request.applicationId);
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
  if (outcome === 'approval_required') return requestPlan(deps, actor, application, subscription);
  return outcome === 'subscribed' ? { ok: true, subscription } : { ok: false, reason: outcome };
}

async function requestPlan(
  deps: SubscribeApplicationDeps,
  actor: Actor,
  application: Application,
  { apiSlug, planSlug, createdAtMs }: Subscription,
): Promise<SubscribeResult> {
  const request = { id: newId(deps.random, 'srq'), applicationId: application.id, apiSlug, planSlug, createdAtMs };
  const outcome = await deps.requests.add(request, {
    atMs: createdAtMs,
    actor: actor.accountId,
    action: 'application.subscription_requested',
    subject: application.id,
    teamId: application.teamId,
    details: { requestId: request.id, apiSlug, planSlug },
  });
  return outcome === 'requested' ? { ok: true, request } : { ok: false, reason: outcome };
}
