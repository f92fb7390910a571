import { type Measures, addMeasures, latencyAt, noMeasures } from './measures.ts';
import { slotEnd, slotStarts } from './time-slots.ts';
import { USAGE_RANGES, type UsageRange, type UsageReport, type UsageSum } from './usage.ts';
import type { UsageReadingStore, UsageScope } from './usage-reading-store.ts';

/** What happened within a range that ends now: two reads, whatever the range. */
export async function readUsageReport(
  reading: Pick<UsageReadingStore, 'slots' | 'parts'>,
  scope: UsageScope,
  range: UsageRange,
  nowMs: number,
): Promise<UsageReport> {
  const { grain, slots: count } = USAGE_RANGES[range];
  const starts = slotStarts(grain, count, nowMs);
  const question = { scope, grain, sinceMs: starts[0] ?? nowMs };
  const slots = await reading.slots(question);
  const parts = await reading.parts(question);
  const bySlot = gather(slots, ({ startMs }) => startMs);
  return {
    range,
    grain,
    total: toSum(gather(slots, () => '').get('')),
    slots: starts.map((startMs) => ({ startMs, endMs: slotEnd(grain, startMs), ...toSum(bySlot.get(startMs)) })),
    byOperation: busiestFirst(
      Array.from(
        gather(parts, ({ apiSlug, version, operationId }) => `${apiSlug}\n${version}\n${operationId}`).values(),
        (gathered) => {
          const { apiSlug, version, operationId } = gathered.first;
          return { apiSlug, version, operationId, ...toSum(gathered) };
        },
      ),
    ),
    byKey:
      scope.of === 'api'
        ? []
        : busiestFirst(
            Array.from(
              gather(parts, ({ keyId }) => keyId),
              ([keyId, gathered]) => ({ keyId, ...toSum(gathered) }),
            ),
          ),
    byRefusal: Array.from(
      gather(
        slots.filter(({ verdict }) => verdict !== 'allowed'),
        ({ verdict }) => verdict,
      ),
      ([verdict, { refused }]) => ({ verdict, calls: refused }),
    ).sort((a, b) => b.calls - a.calls),
  };
}

interface Gathered<Row> {
  first: Row;
  allowed: number;
  refused: number;
  measures: Measures;
}

function gather<Row extends Measures & { verdict: string }, Name>(
  rows: readonly Row[],
  nameOf: (row: Row) => Name,
): Map<Name, Gathered<Row>> {
  const sums = new Map<Name, Gathered<Row>>();
  for (const row of rows) {
    const name = nameOf(row);
    const sum = sums.get(name) ?? { first: row, allowed: 0, refused: 0, measures: noMeasures() };
    if (row.verdict === 'allowed') sum.allowed += row.calls;
    else sum.refused += row.calls;
    addMeasures(sum.measures, row);
    sums.set(name, sum);
  }
  return sums;
}

function toSum(gathered: Pick<Gathered<unknown>, 'allowed' | 'refused' | 'measures'> | undefined): UsageSum {
  const { allowed, refused, measures } = gathered ?? { allowed: 0, refused: 0, measures: noMeasures() };
  const { answers_2xx, answers_3xx, answers_4xx, answers_5xx } = measures;
  const answered = answers_2xx + answers_3xx + answers_4xx + answers_5xx;
  return {
    allowed,
    refused,
    answers: {
      success: answers_2xx,
      redirect: answers_3xx,
      clientError: answers_4xx,
      serverError: answers_5xx,
      // A log may come before the verdicts were written, or be sent for calls that another verifier counts.
      unknown: Math.max(0, allowed - answered),
    },
    medianMs: latencyAt(measures, 0.5),
    p95Ms: latencyAt(measures, 0.95),
  };
}

function busiestFirst<Line extends UsageSum>(lines: readonly Line[]): Line[] {
  return lines.toSorted((a, b) => b.allowed + b.refused - a.allowed - a.refused);
}
