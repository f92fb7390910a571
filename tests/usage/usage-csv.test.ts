import { expect, test } from 'vitest';

import { addressesCsv, keysCsv, operationsCsv, slotsCsv } from '../../src/usage/usage-csv.ts';
import type { UsageReport } from '../../src/usage/usage.ts';

const sum = {
  allowed: 12,
  refused: 3,
  answers: { success: 9, redirect: 1, clientError: 1, serverError: 0, unknown: 1 },
  medianMs: 12.4,
  p95Ms: null,
};
const report: UsageReport = {
  range: '7d',
  grain: 'day',
  total: sum,
  slots: [{ ...sum, startMs: Date.UTC(2026, 2, 3), endMs: Date.UTC(2026, 2, 4) }],
  byOperation: [{ ...sum, apiSlug: 'parcels', version: 'v2', operationId: '=cmd|calc' }],
  byKey: [{ ...sum, keyId: 'key_1' }],
  byRefusal: [],
};
const NAMES =
  'allowed,refused,answered_2xx,answered_3xx,answered_4xx,answered_5xx,answer_unknown,latency_median_ms,latency_p95_ms';
const CELLS = '12,3,9,1,1,0,1,12,';

test('the numbers of a report are CSV with one line for each slot', () => {
  expect(slotsCsv(report)).toBe(`\uFEFFday_start_utc,${NAMES}\r\n2026-03-03T00:00:00.000Z,${CELLS}\r\n`);
});

test('names that a document or a developer chose cannot become formulas (A18)', () => {
  expect(operationsCsv(report)).toContain(`\r\nparcels,v2,"'=cmd|calc",${CELLS}\r\n`);
  expect(keysCsv(report, new Map([['key_1', '+1 key, the "first"']]))).toContain(
    `\r\nkey_1,"'+1 key, the ""first""",${CELLS}\r\n`,
  );
});

test('addresses have the times at which they were seen', () => {
  const seen = { address: '2001:db8::1', firstSeenAtMs: 0, lastSeenAtMs: 1000, calls: 5 };
  expect(addressesCsv([seen])).toBe(
    '\uFEFFaddress,first_seen_utc,last_seen_utc,calls\r\n2001:db8::1,1970-01-01T00:00:00.000Z,1970-01-01T00:00:01.000Z,5\r\n',
  );
});
