import type { Measures } from '../database/schema.ts';

export type { Measures };

/** What can be known about an answer: the first digit of its status. */
export type StatusClass = 2 | 3 | 4 | 5;

/** Bounds of the latency columns in ms, each with the column of what took at most that long. */
export const LATENCY_BOUNDS = [
  [10, 'latency_10'],
  [25, 'latency_25'],
  [50, 'latency_50'],
  [100, 'latency_100'],
  [250, 'latency_250'],
  [500, 'latency_500'],
  [1000, 'latency_1000'],
  [2500, 'latency_2500'],
  [5000, 'latency_5000'],
] as const satisfies readonly (readonly [number, keyof Measures])[];

const ZERO: Measures = {
  calls: 0,
  answers_2xx: 0,
  answers_3xx: 0,
  answers_4xx: 0,
  answers_5xx: 0,
  latency_ms: 0,
  latency_10: 0,
  latency_25: 0,
  latency_50: 0,
  latency_100: 0,
  latency_250: 0,
  latency_500: 0,
  latency_1000: 0,
  latency_2500: 0,
  latency_5000: 0,
  latency_more: 0,
};

/** The columns that are added up, in the order of the tables. */
export const MEASURE_NAMES = Object.keys(ZERO) as readonly (keyof Measures)[];

export function noMeasures(): Measures {
  return { ...ZERO };
}

/** Adds `more` to `sum`. */
export function addMeasures(sum: Measures, more: Measures): void {
  for (const name of MEASURE_NAMES) sum[name] += more[name];
}

/**
 * Notes an answer. Informational answers (1xx) are none.
 * @param latencyMs null when it is not known
 */
export function addAnswer(sum: Measures, status: number, latencyMs: number | null): void {
  const column = STATUS_COLUMNS[Math.floor(status / 100)];
  if (column === undefined) return;
  sum[column] += 1;
  if (latencyMs === null) return;
  sum.latency_ms += Math.round(latencyMs);
  sum[latencyColumn(latencyMs)] += 1;
}

const STATUS_COLUMNS: Readonly<Record<number, 'answers_2xx' | 'answers_3xx' | 'answers_4xx' | 'answers_5xx'>> = {
  2: 'answers_2xx',
  3: 'answers_3xx',
  4: 'answers_4xx',
  5: 'answers_5xx',
};

function latencyColumn(latencyMs: number) {
  for (const [bound, name] of LATENCY_BOUNDS) if (latencyMs <= bound) return name;
  return 'latency_more';
}

/**
 * The latency that the share `quantile` of the answers did not exceed, in ms: evenly spread within its column, as
 * Prometheus estimates it from a histogram. Beyond the last bound nothing is known but the bound.
 * @returns null without an answer whose latency is known
 */
export function latencyAt(measures: Measures, quantile: number): number | null {
  const answers = LATENCY_BOUNDS.reduce((sum, [, name]) => sum + measures[name], measures.latency_more);
  if (answers === 0) return null;
  const rank = quantile * answers;
  let below = 0;
  let lower = 0;
  for (const [upper, name] of LATENCY_BOUNDS) {
    const here = measures[name];
    if (here > 0 && below + here >= rank) return lower + ((upper - lower) * (rank - below)) / here;
    below += here;
    lower = upper;
  }
  return lower;
}
