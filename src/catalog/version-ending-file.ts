import { z } from 'zod';

import type { BrownOut, VersionEnding } from './version-ending.ts';

/** `afterSunset` and `brownOuts` of a version in `api.yaml`. */

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const LONGEST_MS = DAY_MS;
const MOST_BROWN_OUTS = 400;
const MINUTES_RULE = 'must be a whole number from 1 to 1440';

/** With the hour: a brown-out that begins at midnight by accident surprises everybody. */
const moment = z.iso.datetime('must be a time such as 2027-05-31T12:00:00Z').transform((value) => Date.parse(value));

const brownOut = z.union(
  [
    z.strictObject({ from: moment, until: moment }),
    z.strictObject({
      every: z.enum(['day', 'week'], 'must be day or week'),
      minutes: z
        .int(MINUTES_RULE)
        .min(1, MINUTES_RULE)
        .max(LONGEST_MS / MINUTE_MS, MINUTES_RULE),
      from: moment,
      until: moment.optional(),
    }),
  ],
  'must be { from, until }, or { every: day or week, minutes: 1 to 1440, from }, with times such as 2027-05-31T12:00:00Z',
);

export const endingFields = {
  afterSunset: z.enum(['serve', 'gone'], 'must be serve or gone').optional(),
  brownOuts: z.array(brownOut, 'must be a list').max(100, 'must be 100 at most').optional(),
};

interface EndingFields {
  deprecated?: number | undefined;
  sunset?: number | undefined;
  afterSunset?: 'serve' | 'gone' | undefined;
  brownOuts?: readonly z.infer<typeof brownOut>[] | undefined;
}

/** Names what cannot be: times outside of deprecation and sunset, or two at once. */
export function checkEnding(version: EndingFields, context: z.RefinementCtx): void {
  const { deprecated, sunset, afterSunset, brownOuts = [] } = version;
  const problem = (path: (string | number)[], message: string): void =>
    context.addIssue({ code: 'custom', path, message });
  if (afterSunset === 'gone' && sunset === undefined) problem(['afterSunset'], 'needs a sunset');
  if (brownOuts.length === 0) return;
  if (sunset === undefined || deprecated === undefined) {
    problem(['brownOuts'], 'need a deprecated and a sunset date: they come between the two');
    return;
  }
  let previousUntilMs = deprecated;
  let count = 0;
  for (const [index, item] of brownOuts.entries()) {
    const times = expand(item, sunset);
    const [first, last] = [times[0], times.at(-1)];
    count += times.length;
    if (!first || !last || times.some(({ fromMs, untilMs }) => untilMs <= fromMs))
      problem(['brownOuts', index], 'ends before it begins');
    else if (!('every' in item) && first.untilMs - first.fromMs > LONGEST_MS)
      problem(['brownOuts', index], 'is longer than a day');
    else if (last.untilMs > sunset) problem(['brownOuts', index], 'must be over by the sunset');
    else if (first.fromMs < previousUntilMs)
      problem(
        ['brownOuts', index],
        index === 0 ? 'must not be before deprecated' : 'must begin after the one before it',
      );
    if (last) previousUntilMs = last.untilMs;
  }
  if (count > MOST_BROWN_OUTS) problem(['brownOuts'], `are ${count}; ${MOST_BROWN_OUTS} are the most`);
}

/** Undefined where nothing was chosen. */
export function toEnding({ sunset, afterSunset, brownOuts = [] }: EndingFields): VersionEnding | undefined {
  const isGoneAfterSunset = afterSunset === 'gone';
  if (sunset === undefined || (!isGoneAfterSunset && brownOuts.length === 0)) return undefined;
  return { isGoneAfterSunset, brownOuts: brownOuts.flatMap((item) => expand(item, sunset)) };
}

/** The single times of an item, at most one more than are accepted. */
function expand(item: z.infer<typeof brownOut>, sunsetMs: number): BrownOut[] {
  if (!('every' in item)) return [{ fromMs: item.from, untilMs: item.until }];
  const stepMs = item.every === 'day' ? DAY_MS : 7 * DAY_MS;
  const endMs = Math.min(item.until ?? sunsetMs, sunsetMs);
  const times: BrownOut[] = [];
  for (let fromMs = item.from; times.length <= MOST_BROWN_OUTS; fromMs += stepMs) {
    const untilMs = fromMs + item.minutes * MINUTE_MS;
    if (untilMs > endMs) break;
    times.push({ fromMs, untilMs });
  }
  return times;
}
