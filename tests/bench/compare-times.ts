import { systemRandom } from '../../src/platform/random.ts';

/** The slowest twentieth of each is left out, as noise of the machine (dudect). */
const KEPT = 0.95;

export interface Comparison {
  firstMs: number;
  secondMs: number;
  /** Welch's t: how many standard errors the two means are apart. */
  t: number;
}

/**
 * Takes the time of two things in turn, in random order, so that nothing that comes round regularly falls on one of them
 * only. `prepare` is not part of the time.
 */
export async function compareTimes<Given>(
  samples: number,
  prepare: (isFirst: boolean) => Given | Promise<Given>,
  run: (given: Given) => unknown,
): Promise<Comparison> {
  const times: Record<'first' | 'second', number[]> = { first: [], second: [] };
  for (let sample = 0; sample < samples; sample += 1) {
    const begins = ((systemRandom.bytes(1)[0] ?? 0) & 1) === 1;
    for (const isFirst of [begins, !begins]) {
      const given = await prepare(isFirst);
      const startedAt = performance.now();
      await run(given);
      times[isFirst ? 'first' : 'second'].push(performance.now() - startedAt);
    }
  }
  const [first, second] = [withoutSlowest(times.first), withoutSlowest(times.second)];
  return { firstMs: median(first), secondMs: median(second), t: Number(welch(first, second).toFixed(2)) };
}

function withoutSlowest(times: readonly number[]): number[] {
  return times.toSorted((one, other) => one - other).slice(0, Math.ceil(times.length * KEPT));
}

function median(sorted: readonly number[]): number {
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function welch(first: readonly number[], second: readonly number[]): number {
  const [one, other] = [momentsOf(first), momentsOf(second)];
  return (one.mean - other.mean) / Math.sqrt(one.variance / first.length + other.variance / second.length);
}

function momentsOf(times: readonly number[]): { mean: number; variance: number } {
  const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
  const squares = times.reduce((sum, time) => sum + (time - mean) ** 2, 0);
  return { mean, variance: squares / Math.max(1, times.length - 1) };
}
