import { createCalendarFeed, readCalendarFeed } from '../key-rotation/calendar-feed.ts';
import { createCalendarFeedStore } from '../key-rotation/calendar-feed-store.ts';
import { confirmKey } from '../key-reminders/confirm-key.ts';
import { createKeyConfirmationStore } from '../key-reminders/key-confirmation-store.ts';
import { createKeyDormancyStore } from '../key-reminders/key-dormancy-store.ts';
import { replaceSecret } from '../key-rotation/replace-secret.ts';
import { resumeDormantKey } from '../key-reminders/resume-dormant-key.ts';
import type { KeyParts } from './bind-keys.ts';
import type { BoundUsage } from './bind-usage.ts';
import type { Foundation } from './foundation.ts';
import type { Portal } from '../portal/portal.ts';

/** What becomes of keys in the course of time, and what developers do about it. */
export function bindKeySchedule(
  { config, databases: { portal }, clock, random }: Foundation,
  parts: KeyParts,
  usage: Pick<BoundUsage, 'lastCall'>,
): Pick<Portal['keys'], 'calendar' | 'confirm' | 'replaceSecret' | 'resumeDormant'> {
  const deps = {
    ...parts,
    confirmations: createKeyConfirmationStore(portal),
    dormancies: createKeyDormancyStore(portal),
    wasCalled: async (key: { id: string; applicationId: string }) => (await usage.lastCall(key)) !== null,
    feeds: createCalendarFeedStore(portal),
    secret: config.sessionSecret,
    publicUrl: config.publicUrl,
    clock,
    random,
  };
  return {
    confirm: (actor, applicationId, keyId) => confirmKey(deps, actor, { applicationId, keyId }),
    replaceSecret: (actor, applicationId, keyId) => replaceSecret(deps, actor, { applicationId, keyId }),
    resumeDormant: (actor, applicationId, keyId) => resumeDormantKey(deps, actor, { applicationId, keyId }),
    calendar: {
      find: (actor) => deps.feeds.find(actor.accountId),
      create: (actor) => createCalendarFeed(deps, actor),
      end: (actor) => deps.feeds.end(actor.accountId, clock.nowMs()),
      read: (token) => readCalendarFeed(deps, token),
    },
  };
}
