import { describe, expect, test } from 'vitest';

import { addAnswer, addMeasures, latencyAt, noMeasures } from '../../src/usage/measures.ts';
import { slotEnd, slotStart, slotStarts } from '../../src/usage/time-slots.ts';

describe('answers', () => {
  test.each([
    [200, 'answers_2xx'],
    [204, 'answers_2xx'],
    [304, 'answers_3xx'],
    [404, 'answers_4xx'],
    [499, 'answers_4xx'],
    [503, 'answers_5xx'],
    [599, 'answers_5xx'],
  ] as const)('with %i count as %s', (status, column) => {
    const sum = noMeasures();
    addAnswer(sum, status, null);
    expect(sum).toEqual({ ...noMeasures(), [column]: 1 });
  });

  test('that only inform are none', () => {
    const sum = noMeasures();
    addAnswer(sum, 103, 5);
    expect(sum).toEqual(noMeasures());
  });

  test.each([
    [0, 'latency_10'],
    [10, 'latency_10'],
    [10.1, 'latency_25'],
    [5000, 'latency_5000'],
    [5001, 'latency_more'],
  ] as const)('after %f ms are in the column %s', (latencyMs, column) => {
    const sum = noMeasures();
    addAnswer(sum, 200, latencyMs);
    expect(sum[column]).toBe(1);
    expect(sum.latency_ms).toBe(Math.round(latencyMs));
  });
});

describe('latencies', () => {
  test('are not known without answers', () => {
    expect(latencyAt(noMeasures(), 0.5)).toBeNull();
  });

  test('are estimated within the column in which the share is reached', () => {
    const sum = noMeasures();
    for (let call = 0; call < 90; call += 1) addAnswer(sum, 200, 5);
    for (let call = 0; call < 10; call += 1) addAnswer(sum, 200, 70);
    expect(latencyAt(sum, 0.5)).toBeCloseTo(5.6, 1);
    expect(latencyAt(sum, 0.95)).toBe(75);
    expect(latencyAt(sum, 1)).toBe(100);
  });

  test('beyond the last bound are told as that bound', () => {
    const sum = noMeasures();
    addAnswer(sum, 200, 60_000);
    expect(latencyAt(sum, 0.5)).toBe(5000);
  });

  test('of sums are those of all answers', () => {
    const [one, other] = [noMeasures(), noMeasures()];
    addAnswer(one, 200, 5);
    addAnswer(other, 200, 700);
    addMeasures(one, other);
    expect(latencyAt(one, 1)).toBe(1000);
  });
});

describe('slots', () => {
  const LEAP_DAY_MS = Date.UTC(2028, 1, 29, 13, 45);

  test('begin with the hour, day and month (UTC)', () => {
    expect(slotStart('hour', LEAP_DAY_MS)).toBe(Date.UTC(2028, 1, 29, 13));
    expect(slotStart('day', LEAP_DAY_MS)).toBe(Date.UTC(2028, 1, 29));
    expect(slotStart('month', LEAP_DAY_MS)).toBe(Date.UTC(2028, 1));
  });

  test('follow each other without a gap, also over leap days and the turn of the year', () => {
    for (const [grain, count] of [
      ['hour', 24],
      ['day', 90],
      ['month', 13],
    ] as const) {
      const starts = slotStarts(grain, count, Date.UTC(2028, 2, 1, 0, 30));
      expect(starts).toHaveLength(count);
      for (const [index, startMs] of starts.entries()) {
        expect(slotStart(grain, startMs)).toBe(startMs);
        if (index > 0) expect(slotEnd(grain, starts[index - 1] ?? 0)).toBe(startMs);
      }
    }
    expect(slotStarts('month', 13, LEAP_DAY_MS)[0]).toBe(Date.UTC(2027, 1));
  });
});
