import { type ApplicationStore, createApplicationStore } from '../applications/application-store.ts';
import { createApplication } from '../applications/create-application.ts';
import { subscribeApplication } from '../applications/subscribe-application.ts';
import type { Clock } from '../platform/clock.ts';
import type { Random } from '../platform/random.ts';
import type { Foundation } from './foundation.ts';
import type { Portal } from './portal.ts';

export interface ApplicationParts {
  applications: ApplicationStore;
  clock: Clock;
  random: Random;
}

export function createApplicationParts({ databases: { portal }, clock, random }: Foundation): ApplicationParts {
  return { applications: createApplicationStore(portal), clock, random };
}

export function bindApplications(parts: ApplicationParts): Portal['applications'] {
  const { applications } = parts;
  return {
    list: (actor) => applications.list(actor.teamIds),
    find: (actor, applicationId) => applications.find(actor.teamIds, applicationId),
    create: (actor, request) => createApplication(parts, actor, request),
    subscriptions: (actor, applicationId) => applications.subscriptions(actor.teamIds, applicationId),
    subscribe: (actor, applicationId, request) => subscribeApplication(parts, actor, { ...request, applicationId }),
  };
}
