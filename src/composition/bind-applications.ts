import { type ApplicationStore, createApplicationStore } from '../applications/application-store.ts';
import { createApplication } from '../applications/create-application.ts';
import { type ApplicationMoveStore, createApplicationMoveStore } from '../applications/application-move-store.ts';
import { moveApplication } from '../applications/move-application.ts';
import {
  decideRequest,
  subscriptionDecidedMail,
  subscriptionRequestedMail,
  withdrawRequest,
} from '../applications/decide-request.ts';
import { subscribeApplication } from '../applications/subscribe-application.ts';
import {
  type SubscriptionRequestStore,
  createSubscriptionRequestStore,
} from '../applications/subscription-request-store.ts';
import type { MailWriters } from '../jobs/deliver-outbox.ts';
import type { Clock } from '../platform/clock.ts';
import type { Random } from '../platform/random.ts';
import type { AccountParts } from './bind-accounts.ts';
import type { Foundation } from './foundation.ts';
import type { Portal } from '../portal/portal.ts';

export interface ApplicationParts {
  applications: ApplicationStore;
  moves: ApplicationMoveStore;
  requests: SubscriptionRequestStore;
  clock: Clock;
  random: Random;
}

export function createApplicationParts({ databases: { portal }, clock, random }: Foundation): ApplicationParts {
  const moves = createApplicationMoveStore(portal, random);
  const requests = createSubscriptionRequestStore(portal, random);
  return { applications: createApplicationStore(portal), moves, requests, clock, random };
}

export function bindApplications(parts: ApplicationParts): Portal['applications'] {
  const { applications } = parts;
  return {
    list: (actor) => applications.list(actor.teamIds),
    find: (actor, applicationId) => applications.find(actor.teamIds, applicationId),
    create: (actor, request) => createApplication(parts, actor, request),
    move: (actor, applicationId, teamId) => moveApplication(parts, actor, { applicationId, teamId }),
    subscriptions: (actor, applicationId) => applications.subscriptions(actor.teamIds, applicationId),
    subscribe: (actor, applicationId, request) => subscribeApplication(parts, actor, { ...request, applicationId }),
    requests: (actor, applicationId) => parts.requests.ofApplication(actor.teamIds, applicationId),
    withdrawRequest: (actor, applicationId, requestId) => withdrawRequest(parts, actor, { applicationId, requestId }),
    waitingRequests: async ({ role }) => (role === 'owner' ? parts.requests.list() : []),
    findRequest: async ({ role }, requestId) => (role === 'owner' ? parts.requests.find(requestId) : null),
    decideRequest: (actor, requestId, decision) => decideRequest(parts, actor, requestId, decision),
  };
}

export function requestMailWriters({ databases, random }: Foundation, { accounts, publicUrl }: AccountParts) {
  const deps = { accounts, publicUrl, requests: createSubscriptionRequestStore(databases.portal, random) };
  return {
    'mail.subscription_requested': (payload) => subscriptionRequestedMail(deps, payload),
    'mail.subscription_decided': (payload) => subscriptionDecidedMail(deps, payload),
  } satisfies Partial<MailWriters>;
}
