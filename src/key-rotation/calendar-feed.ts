import type { Actor } from '../accounts/account.ts';
import type { ApplicationStore } from '../applications/application-store.ts';
import type { PlanStore } from '../plans/plan-store.ts';
import type { Clock } from '../platform/clock.ts';
import { hmacSha256 } from '../platform/hash.ts';
import { type Random, randomBase62 } from '../platform/random.ts';
import type { CalendarFeedStore } from './calendar-feed-store.ts';
import { type CalendarKey, dueCalendar } from './due-calendar.ts';
import type { KeyStore } from '../keys/key-store.ts';

export interface CalendarFeedDeps {
  feeds: CalendarFeedStore;
  applications: Pick<ApplicationStore, 'list'>;
  keys: Pick<KeyStore, 'list'>;
  plans: Pick<PlanStore, 'keyRules'>;
  clock: Clock;
  random: Random;
  /** Under which tokens of addresses are stored. */
  secret: Uint8Array;
  publicUrl: string;
}

/** Names what the HMAC is for: the same secret keys other tokens. */
const PURPOSE = 'calendar feed:';
/** 238 bits. */
const TOKEN_LENGTH = 40;
const TOKEN = /^[0-9A-Za-z]{40}$/;

/** A new secret address of the actor's calendar; it is shown once, and the former one ends. */
export async function createCalendarFeed(deps: CalendarFeedDeps, actor: Actor): Promise<{ url: string }> {
  const token = randomBase62(deps.random, TOKEN_LENGTH);
  await deps.feeds.replace(actor.accountId, hashOf(deps, token), deps.clock.nowMs());
  return { url: `${deps.publicUrl}/calendars/${token}.ics` };
}

/** The calendar behind a token; null for every token that is not one of ours now. */
export async function readCalendarFeed(deps: CalendarFeedDeps, token: string): Promise<string | null> {
  if (!TOKEN.test(token)) return null;
  const nowMs = deps.clock.nowMs();
  const reader = await deps.feeds.read(hashOf(deps, token), nowMs);
  if (!reader) return null;
  const found: CalendarKey[] = [];
  for (const { id, name } of await deps.applications.list(reader.teamIds)) {
    const { rotationIntervalDays: planIntervalDays } = await deps.plans.keyRules(id);
    for (const key of await deps.keys.list(reader.teamIds, id)) {
      found.push({ key, applicationName: name, planIntervalDays });
    }
  }
  return dueCalendar(found, deps.publicUrl, nowMs);
}

function hashOf({ secret }: CalendarFeedDeps, token: string): Uint8Array {
  return hmacSha256(secret, PURPOSE + token);
}
