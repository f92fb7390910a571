import type { PolicyRule } from './policy-rule.ts';

/** A security policy: rules on keys and calls that owners announce, observe, warn about and then enforce. */
export interface SecurityPolicy extends PolicyScope {
  id: string;
  /** Its address below `/policies/`. */
  slug: string;
  title: string;
  /** Why, in the words of an owner. */
  reason: string;
  rules: readonly PolicyRule[];
  stage: PolicyStage;
  dates: PolicyDates;
  createdAtMs: number;
  /** When dates of it were last changed after it was announced; null for never. */
  replannedAtMs: number | null;
  /** Rises with every change, so that nobody changes what they have not seen. */
  revision: number;
}

/** Which calls it is about. */
export interface PolicyScope {
  /** null: all APIs, and calls that name none. */
  apiSlug: string | null;
  /** Only with an API; null: all its plans. */
  planSlug: string | null;
  environment: 'all' | 'live' | 'test';
}

/** The stages in their order. `withdrawn` is the end, from wherever. */
export const STAGES = ['draft', 'announced', 'observed', 'warned', 'enforced'] as const;

export type PolicyStage = (typeof STAGES)[number] | 'withdrawn';

/** Stages that have a date. */
export const DATED_STAGES = ['announced', 'observed', 'warned', 'enforced'] as const;

export type DatedStage = (typeof DATED_STAGES)[number];

/** When each stage began or, in the future, is to begin; null: when an owner says so. */
export type PolicyDates = Readonly<Record<DatedStage, number | null>>;

export const NO_DATES: PolicyDates = { announced: null, observed: null, warned: null, enforced: null };

/** What verifiers look at. */
export function isInForce(stage: PolicyStage): boolean {
  return stage === 'observed' || stage === 'warned' || stage === 'enforced';
}

/** What everybody may read. */
export function isPublic({ stage, dates }: Pick<SecurityPolicy, 'stage' | 'dates'>): boolean {
  return stage === 'withdrawn' ? dates.announced !== null : stage !== 'draft';
}

/** Nothing is observed or refused before it was announced; what was withdrawn stays so. */
export function canMove(from: PolicyStage, to: PolicyStage): boolean {
  if (from === to || from === 'withdrawn' || to === 'draft') return false;
  return from === 'draft' ? to === 'announced' || to === 'withdrawn' : true;
}

/** The stage after this one; null after the last. */
export function nextStage(stage: PolicyStage): DatedStage | null {
  if (stage === 'withdrawn') return null;
  return DATED_STAGES[STAGES.indexOf(stage)] ?? null;
}

/** The next stage that has a date, if that has come; stages without a date are passed over. */
export function dueStage({ stage, dates }: Pick<SecurityPolicy, 'stage' | 'dates'>, nowMs: number): DatedStage | null {
  if (stage === 'withdrawn') return null;
  const next = DATED_STAGES.slice(STAGES.indexOf(stage)).find((later) => dates[later] !== null);
  // A draft without a date of announcement is announced by nobody but its owner.
  if (next === undefined || !canMove(stage, next)) return null;
  return (dates[next] ?? Infinity) <= nowMs ? next : null;
}

/**
 * The dates after a move: forward, what was passed over was never reached; back, what comes later is to be planned
 * anew, else it would come again at once. A later date that is over already comes next when this move follows a date, so
 * that a portal that stood still makes up for it; when an owner moves a draft that lay too long, it counts no more.
 */
export function datesAfterMove(
  { stage, dates }: Pick<SecurityPolicy, 'stage' | 'dates'>,
  to: PolicyStage,
  nowMs: number,
): PolicyDates {
  const reached = (atMs: number | null): number | null => (atMs !== null && atMs <= nowMs ? atMs : null);
  const target = to === 'withdrawn' ? DATED_STAGES.length : DATED_STAGES.indexOf(to as DatedStage);
  const isBack = to !== 'withdrawn' && STAGES.indexOf(to) < STAGES.indexOf(stage as (typeof STAGES)[number]);
  const isDue = to !== 'withdrawn' && to !== 'draft' && reached(dates[to]) !== null;
  const moved = DATED_STAGES.map((dated, index): [DatedStage, number | null] => {
    const atMs = dates[dated];
    if (index < target) return [dated, reached(atMs)];
    if (index === target) return [dated, reached(atMs) ?? nowMs];
    return [dated, isBack || (!isDue && reached(atMs) !== null) ? null : atMs];
  });
  return Object.fromEntries(moved) as PolicyDates;
}

/** The first stage whose date is not after that of an earlier one; null when all are in order. */
export function stageOutOfOrder(dates: PolicyDates): DatedStage | null {
  let beforeMs = -Infinity;
  for (const stage of DATED_STAGES) {
    const atMs = dates[stage];
    if (atMs === null) continue;
    if (atMs <= beforeMs) return stage;
    beforeMs = atMs;
  }
  return null;
}

/** Whether a call to this API on this plan is a matter of a policy. */
export function covers(scope: PolicyScope, environment: 'live' | 'test', api: string, plan: string | null): boolean {
  if (scope.environment !== 'all' && scope.environment !== environment) return false;
  if (scope.apiSlug === null) return true;
  return scope.apiSlug === api && (scope.planSlug === null || scope.planSlug === plan);
}
