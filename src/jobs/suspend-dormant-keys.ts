import { dormantAtMs } from '../key-reminders/key-dormancy.ts';
import type { DormancyCandidate, KeyDormancyStore } from '../key-reminders/key-dormancy-store.ts';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import type { Random } from '../platform/random.ts';
import type { KeyCallStore } from '../usage/key-call-store.ts';
import { type Job, repeat } from './repeat.ts';

export interface DormancyDeps {
  dormancies: KeyDormancyStore;
  calls: Pick<KeyCallStore, 'lastCalls'>;
  /** Where no plan says anything; null: such keys are left alone. */
  defaultDays: number | null;
  clock: Clock;
  random: Random;
  log: Log;
}

const EVERY_MS = 60 * 60 * 1000;
const KEYS_PER_READ = 500;

/** Looks now and every hour for keys that nobody uses. */
export function startDormancy(deps: DormancyDeps): Job {
  return repeat({
    everyMs: EVERY_MS,
    work: () => suspendDormantKeys(deps),
    log: deps.log,
    failure: 'dormant keys could not be looked for',
  });
}

/** One look at all keys: teams are told once, and what the plan says so is suspended two weeks later. */
export async function suspendDormantKeys(deps: Omit<DormancyDeps, 'log'>): Promise<void> {
  const { dormancies, calls, defaultDays, clock } = deps;
  const nowMs = clock.nowMs();
  let afterKeyId = '';
  for (;;) {
    const found = await dormancies.listCandidates({ defaultDays, nowMs, afterKeyId, limit: KEYS_PER_READ });
    const lastCalls = await calls.lastCalls(found.map(({ key }) => key.id));
    for (const candidate of found) await settle(deps, candidate, lastCalls.get(candidate.key.id) ?? null, nowMs);
    const last = found.at(-1);
    if (!last || found.length < KEYS_PER_READ) return;
    afterKeyId = last.key.id;
  }
}

async function settle(
  { dormancies, random }: Omit<DormancyDeps, 'log'>,
  { key, teamId, rule }: DormancyCandidate,
  lastCalledAtMs: number | null,
  nowMs: number,
): Promise<void> {
  const sinceMs = dormantAtMs(key, lastCalledAtMs, rule);
  if (nowMs < sinceMs) return;
  const dormancy = { keyId: key.id, teamId, dormantAtMs: sinceMs, lastCalledAtMs, action: rule.action, nowMs };
  if (rule.action === 'suspend' && (await dormancies.suspendIfTold(dormancy, random))) return;
  await dormancies.remindOnce(dormancy, random);
}
