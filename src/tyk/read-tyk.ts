import type { Actor } from '../accounts/account.ts';
import type { KeyStore } from '../keys/key-store.ts';
import type { Clock } from '../platform/clock.ts';
import type { TykKeyForOwner, TykKeyNote, TykOverview, TykPageRequest } from './tyk-overview.ts';
import type { TykOverviewStore } from './tyk-overview-store.ts';
import type { TykSetup } from './tyk-session.ts';
import type { TykWatchStore } from './tyk-watch-store.ts';

export interface ReadTykDeps {
  keys: Pick<KeyStore, 'find'>;
  overviews: TykOverviewStore;
  watch: Pick<TykWatchStore, 'watch' | 'askForCheck'>;
  setup: TykSetup;
  clock: Clock;
}

/** How all keys are in Tyk; null for anybody but an owner. */
export async function readTykOverview(deps: ReadTykDeps, actor: Actor): Promise<TykOverview | null> {
  if (actor.role !== 'owner') return null;
  const { overviews, watch, setup, clock } = deps;
  const nowMs = clock.nowMs();
  const apis = [...setup.apis.keys()];
  const [found, counts, toRotate, waiting, heldBack, drifted] = await Promise.all([
    watch.watch(),
    overviews.counts(apis, nowMs),
    overviews.list('to_rotate', apis, nowMs),
    overviews.list('waiting', apis, nowMs),
    overviews.list('held_back', apis, nowMs),
    overviews.list('drifted', apis, nowMs),
  ]);
  return { ...found, ...counts, toRotate, waiting, heldBack, drifted };
}

/** One of the lists, in pages; null for anybody but an owner. */
export async function readTykKeys(
  { overviews, setup, clock }: ReadTykDeps,
  actor: Actor,
  request: TykPageRequest,
): Promise<readonly TykKeyForOwner[] | null> {
  return actor.role === 'owner' ? overviews.page(request, [...setup.apis.keys()], clock.nowMs()) : null;
}

/** Has every key compared with the next look; false for anybody but an owner. */
export async function checkTyk({ watch, clock }: ReadTykDeps, actor: Actor): Promise<boolean> {
  if (actor.role !== 'owner') return false;
  await watch.askForCheck({
    atMs: clock.nowMs(),
    actor: actor.accountId,
    action: 'tyk.check_requested',
    subject: 'tyk',
    teamId: null,
    details: {},
  });
  return true;
}

/** How an own key is in Tyk; null for another team's, and for one that opens nothing there. */
export async function readTykNote(
  { keys, overviews, setup, clock }: ReadTykDeps,
  actor: Actor,
  applicationId: string,
  keyId: string,
): Promise<TykKeyNote | null> {
  const key = await keys.find(actor.teamIds, applicationId, keyId);
  return key && overviews.note(key.id, [...setup.apis.keys()], clock.nowMs());
}
