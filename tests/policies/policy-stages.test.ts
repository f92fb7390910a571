import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import {
  DATED_STAGES,
  type DatedStage,
  NO_DATES,
  type PolicyDates,
  type PolicyStage,
  STAGES,
  canMove,
  datesAfterMove,
  dueStage,
  isInForce,
  isPublic,
  nextStage,
  stageOutOfOrder,
} from '../../src/policies/policy.ts';

const HOUR_MS = 3_600_000;

interface Life {
  stage: PolicyStage;
  dates: PolicyDates;
}

/** What may happen to a policy: time passes, an owner moves it, an owner plans what is to come. */
type Step = { do: 'wait'; hours: number } | { do: 'move'; to: PolicyStage } | { do: 'plan'; hours: readonly number[] };

const steps = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 100 }) }),
    fc.record({ do: fc.constant('move' as const), to: fc.constantFrom<PolicyStage>(...STAGES, 'withdrawn') }),
    fc.record({
      do: fc.constant('plan' as const),
      hours: fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 4, maxLength: 4 }),
    }),
  ),
  { maxLength: 40 },
);

/** Dates of the stages to come, each so many hours after the one before; 0 for none. */
function plan({ stage, dates }: Life, hours: readonly number[], nowMs: number): PolicyDates {
  let atMs = nowMs;
  const planned: [DatedStage, number | null][] = DATED_STAGES.map((dated, index) => {
    if (STAGES.indexOf(dated) <= STAGES.indexOf(stage as DatedStage)) return [dated, dates[dated]];
    const after = hours[index] ?? 0;
    if (after === 0) return [dated, null];
    atMs += after * HOUR_MS;
    return [dated, atMs];
  });
  return Object.fromEntries(planned) as PolicyDates;
}

function live(
  all: readonly Step[],
  check: (before: Life, after: Life, nowMs: number) => void,
  settled: (life: Life, nowMs: number) => void,
): void {
  let life: Life = { stage: 'draft', dates: NO_DATES };
  let nowMs = Date.UTC(2026, 0, 1);
  const move = (to: PolicyStage): void => {
    const after = { stage: to, dates: datesAfterMove(life, to, nowMs) };
    check(life, after, nowMs);
    life = after;
  };
  for (const step of all) {
    if (step.do === 'wait') nowMs += step.hours * HOUR_MS;
    if (step.do === 'plan' && life.stage !== 'withdrawn') life = { ...life, dates: plan(life, step.hours, nowMs) };
    if (step.do === 'move' && canMove(life.stage, step.to)) move(step.to);
    for (let due = dueStage(life, nowMs); due; due = dueStage(life, nowMs)) move(due);
    settled(life, nowMs);
  }
}

/** What is still to come lies in the future; a draft that nobody announces waits with all of its dates. */
function isPlannedAhead({ stage, dates }: Life, nowMs: number): void {
  if (stage === 'withdrawn' || (stage === 'draft' && dates.announced === null)) return;
  for (const dated of DATED_STAGES.slice(STAGES.indexOf(stage))) {
    const atMs = dates[dated];
    if (atMs !== null) expect(atMs).toBeGreaterThan(nowMs);
  }
}

describe('stages', () => {
  test('whatever owners and dates do, what was reached is in the past, in order, and nothing comes twice', () => {
    fc.assert(
      fc.property(steps, (all) => {
        live(
          all,
          (before, after, nowMs) => {
            expect(canMove(before.stage, after.stage)).toBe(true);
            const given = DATED_STAGES.map((dated) => after.dates[dated]).filter((atMs) => atMs !== null);
            // Two may be equal: an owner can go on at once.
            expect(given).toEqual(given.toSorted((a, b) => a - b));
            if (after.stage === 'withdrawn') {
              expect(dueStage(after, Infinity)).toBeNull();
              return;
            }
            const reached = STAGES.indexOf(after.stage);
            for (const [index, dated] of DATED_STAGES.entries()) {
              const atMs = after.dates[dated];
              if (index + 1 <= reached) expect(atMs ?? 0).toBeLessThanOrEqual(nowMs);
            }
            expect(after.dates[after.stage as DatedStage]).not.toBeNull();
            const isBack = STAGES.indexOf(after.stage) < STAGES.indexOf(before.stage as DatedStage);
            if (isBack) expect(dueStage(after, Infinity)).toBeNull();
          },
          isPlannedAhead,
        );
      }),
      { numRuns: 2000 },
    );
  });

  test('nothing is enforced that was not announced, and what was withdrawn stays so', () => {
    expect(STAGES.filter((to) => canMove('draft', to))).toEqual(['announced']);
    expect(canMove('draft', 'withdrawn')).toBe(true);
    expect(STAGES.filter((to) => canMove('withdrawn', to))).toEqual([]);
    for (const from of DATED_STAGES) expect(canMove(from, 'draft')).toBe(false);
    const planned = { stage: 'draft' as const, dates: { ...NO_DATES, enforced: 1 } };
    expect(dueStage(planned, 2)).toBeNull();
  });

  test('a stage without a date is passed over when the one after it is due', () => {
    const dates = { announced: 1, observed: null, warned: null, enforced: 10 };
    expect(dueStage({ stage: 'announced', dates }, 9)).toBeNull();
    expect(dueStage({ stage: 'announced', dates }, 10)).toBe('enforced');
  });

  test('announcing a draft whose later dates are over enforces nothing', () => {
    const lain = { stage: 'draft' as const, dates: { ...NO_DATES, observed: 1, enforced: 2 } };
    const dates = datesAfterMove(lain, 'announced', 10);
    expect(dates).toEqual({ ...NO_DATES, announced: 10 });
    expect(dueStage({ stage: 'announced', dates }, Infinity)).toBeNull();
  });

  test('dates must rise from stage to stage; those that are missing do not matter', () => {
    expect(stageOutOfOrder({ announced: 1, observed: null, warned: 3, enforced: 4 })).toBeNull();
    expect(stageOutOfOrder({ announced: 1, observed: null, warned: 3, enforced: 3 })).toBe('enforced');
    expect(stageOutOfOrder({ announced: 5, observed: 4, warned: 6, enforced: null })).toBe('observed');
  });

  test('who may read it, and whom verifiers ask, follows from the stage', () => {
    expect([...STAGES, 'withdrawn' as const].filter(isInForce)).toEqual(['observed', 'warned', 'enforced']);
    expect(STAGES.filter((stage) => isPublic({ stage, dates: NO_DATES }))).toEqual([...DATED_STAGES]);
    expect(isPublic({ stage: 'withdrawn', dates: NO_DATES })).toBe(false);
    expect(isPublic({ stage: 'withdrawn', dates: { ...NO_DATES, announced: 1 } })).toBe(true);
    expect(STAGES.map(nextStage)).toEqual([...DATED_STAGES, null]);
    expect(nextStage('withdrawn')).toBeNull();
  });
});
