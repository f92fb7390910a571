import { type ApplicationStore, createApplicationStore } from '../applications/application-store.ts';
import { createApplication } from '../applications/create-application.ts';
import { subscribeApplication } from '../applications/subscribe-application.ts';
import type { AuditStore } from '../audit/audit-store.ts';
import { describeKey } from '../keys/describe-key.ts';
import { issueKey } from '../keys/issue-key.ts';
import { type KeyStore, createKeyStore } from '../keys/key-store.ts';
import { readKeyHistory } from '../keys/read-key-history.ts';
import { renameKey } from '../keys/rename-key.ts';
import { restrictKey } from '../keys/restrict-key.ts';
import { revokeKey } from '../keys/revoke-key.ts';
import type { Clock } from '../platform/clock.ts';
import type { Random } from '../platform/random.ts';
import type { BoundUsage } from './bind-usage.ts';
import type { Foundation } from './foundation.ts';
import type { Portal } from './portal.ts';

export interface ApplicationParts {
  applications: ApplicationStore;
  keys: KeyStore;
  clock: Clock;
  random: Random;
  pepper: Uint8Array;
  prefix: string;
}

export function createApplicationParts({ config, databases: { portal }, clock, random }: Foundation): ApplicationParts {
  return {
    applications: createApplicationStore(portal),
    keys: createKeyStore(portal),
    clock,
    random,
    pepper: config.keyPepper,
    prefix: config.keyPrefix,
  };
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

export function bindKeys(parts: ApplicationParts, audit: AuditStore, usage: BoundUsage): Portal['keys'] {
  const { keys } = parts;
  return {
    list: (actor, applicationId) => keys.list(actor.teamIds, applicationId),
    find: (actor, applicationId, keyId) => keys.find(actor.teamIds, applicationId, keyId),
    issue: (actor, applicationId, request) => issueKey(parts, actor, { ...request, applicationId }),
    rename: (actor, applicationId, keyId, name) => renameKey(parts, actor, { applicationId, keyId, name }),
    restrict: (actor, applicationId, keyId, allowlist) =>
      restrictKey(parts, actor, { applicationId, keyId, allowlist }),
    revoke: (actor, applicationId, keyId, reason) => revokeKey(parts, actor, { applicationId, keyId, reason }),
    history: (actor, applicationId, keyId) => readKeyHistory({ keys, audit }, actor, { applicationId, keyId }),
    activity: (actor, applicationId) => usage.activity(actor, applicationId),
    async describe(token) {
      const found = await describeKey(parts, token);
      return found && { ...found, usage: await usage.ofApplication(found.application, 1) };
    },
  };
}
