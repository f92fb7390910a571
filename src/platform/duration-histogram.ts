import type { MetricFamily, Sample } from './metrics.ts';

/** Upper bounds in seconds: from a verification to an upload. */
const BOUNDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** How long requests took, by a few labels. */
export interface DurationHistogram {
  /** @param label one of few: it makes a set of buckets of its own */
  observe(label: string, seconds: number): void;
  family(): MetricFamily;
}

interface Buckets {
  counts: number[];
  sum: number;
}

/** @param labelsOf the labels of a set of buckets */
export function createDurationHistogram(
  name: string,
  help: string,
  labelsOf: (label: string) => Readonly<Record<string, string>>,
): DurationHistogram {
  const all = new Map<string, Buckets>();
  return {
    observe(label, seconds) {
      let buckets = all.get(label);
      if (!buckets) all.set(label, (buckets = { counts: BOUNDS.map(() => 0).concat(0), sum: 0 }));
      let index = 0;
      while (index < BOUNDS.length && seconds > (BOUNDS[index] ?? 0)) index += 1;
      buckets.counts[index] = (buckets.counts[index] ?? 0) + 1;
      buckets.sum += seconds;
    },
    family: () => ({
      name,
      help,
      type: 'histogram',
      samples: [...all].flatMap(([label, buckets]) => samplesOf(labelsOf(label), buckets)),
    }),
  };
}

/** Each bucket holds what the smaller ones hold too. */
function samplesOf(labels: Readonly<Record<string, string>>, { counts, sum }: Buckets): Sample[] {
  let total = 0;
  const buckets = counts.map((count, index) => {
    total += count;
    return { suffix: '_bucket', labels: { ...labels, le: String(BOUNDS[index] ?? '+Inf') }, value: total };
  });
  return [...buckets, { suffix: '_sum', labels, value: sum }, { suffix: '_count', labels, value: total }];
}
