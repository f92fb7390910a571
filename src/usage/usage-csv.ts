import { CSV_START, csvLine } from '../platform/csv.ts';
import type { KeyAddress, UsageReport, UsageSum } from './usage.ts';

const SUM_NAMES = [
  'allowed',
  'refused',
  'answered_2xx',
  'answered_3xx',
  'answered_4xx',
  'answered_5xx',
  'answer_unknown',
  'latency_median_ms',
  'latency_p95_ms',
];

type Cells = readonly (string | number | null)[];

/** One line for each hour, day or month, oldest first. */
export function slotsCsv(report: UsageReport): string {
  return csvOf(
    [`${report.grain}_start_utc`, ...SUM_NAMES],
    report.slots.map((slot) => [new Date(slot.startMs).toISOString(), ...sumCells(slot)]),
  );
}

export function operationsCsv(report: UsageReport): string {
  return csvOf(
    ['api', 'version', 'operation', ...SUM_NAMES],
    report.byOperation.map((line) => [line.apiSlug, line.version, line.operationId, ...sumCells(line)]),
  );
}

/** @param names key id -> name, as far as they are known */
export function keysCsv(report: UsageReport, names: ReadonlyMap<string, string>): string {
  return csvOf(
    ['key_id', 'key_name', ...SUM_NAMES],
    report.byKey.map((line) => [line.keyId, names.get(line.keyId) ?? '', ...sumCells(line)]),
  );
}

export function addressesCsv(addresses: readonly KeyAddress[]): string {
  return csvOf(
    ['address', 'first_seen_utc', 'last_seen_utc', 'calls'],
    addresses.map(({ address, firstSeenAtMs, lastSeenAtMs, calls }) => [
      address,
      new Date(firstSeenAtMs).toISOString(),
      new Date(lastSeenAtMs).toISOString(),
      calls,
    ]),
  );
}

function sumCells({ allowed, refused, answers, medianMs, p95Ms }: UsageSum): Cells {
  const { success, redirect, clientError, serverError, unknown } = answers;
  return [allowed, refused, success, redirect, clientError, serverError, unknown, rounded(medianMs), rounded(p95Ms)];
}

function rounded(latencyMs: number | null): number | null {
  return latencyMs === null ? null : Math.round(latencyMs);
}

function csvOf(names: readonly string[], rows: readonly Cells[]): string {
  return CSV_START + [names, ...rows].map((cells) => csvLine(cells)).join('');
}
