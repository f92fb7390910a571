import type { MetricFamily, Sample } from './metrics.ts';

/** Several parts of one process as one: counts are summed, of other numbers the highest counts. */
export function sumFamilies(parts: readonly (readonly MetricFamily[])[]): MetricFamily[] {
  const families = new Map<string, { family: MetricFamily; samples: Map<string, Sample> }>();
  for (const family of parts.flat()) {
    const sum = families.get(family.name) ?? { family, samples: new Map<string, Sample>() };
    families.set(family.name, sum);
    for (const sample of family.samples) {
      const name = JSON.stringify([sample.suffix ?? '', Object.entries(sample.labels)]);
      const known = sum.samples.get(name);
      const value = family.type === 'gauge' ? Math.max : (one: number, other: number) => one + other;
      sum.samples.set(name, known ? { ...known, value: value(known.value, sample.value) } : sample);
    }
  }
  return Array.from(families.values(), ({ family, samples }) => ({ ...family, samples: [...samples.values()] }));
}
