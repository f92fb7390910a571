import { expect, test } from 'vitest';

import type { UsageSlot } from '../../src/usage/usage.ts';
import type { SvgNode } from '../../src/ui/usage/svg-node.ts';
import { answersChart, callsChart, latencyChart } from '../../src/ui/usage/usage-charts.ts';

const START = Date.UTC(2026, 9, 26);
const DAY = 24 * 60 * 60 * 1000;
const slots: UsageSlot[] = Array.from({ length: 30 }, (_, index) => ({
  startMs: START + index * DAY,
  endMs: START + (index + 1) * DAY,
  allowed: index * 10,
  refused: index % 7,
  answers: { success: index * 6, redirect: index, clientError: index * 2, serverError: index, unknown: 0 },
  medianMs: index === 12 ? null : 20 + index,
  p95Ms: index === 12 ? null : 100 + index,
}));
const report = { grain: 'day', slots } as const;
const charts = [callsChart(report, 'Calls'), answersChart(report, 'Answers'), latencyChart(report, 'Latency')];

const elements = (node: SvgNode): SvgNode[] => [
  node,
  ...node.children.flatMap((child) => (typeof child === 'string' ? [] : elements(child))),
];
const barsOf = (chart: SvgNode, kind: string): SvgNode[] =>
  elements(chart)
    .filter(({ attributes }) => attributes.class === kind)
    .flatMap(({ children }) => children.filter((child) => typeof child !== 'string'));
const heightOf = ({ attributes }: SvgNode): number => Number(attributes.height);

test('the charts have no style of their own, which the content security policy would drop', () => {
  const all = charts.flatMap(elements);
  expect(all.length).toBeGreaterThan(150);
  expect(all.filter(({ tag, attributes }) => tag === 'style' || 'style' in attributes)).toEqual([]);
});

test('the charts have nothing that runs or loads', () => {
  const names = charts.flatMap(elements).flatMap(({ tag, attributes }) => [tag, ...Object.keys(attributes)]);
  expect(names.filter((name) => /^on|href|^(script|foreignObject|image|use)$/i.test(name))).toEqual([]);
});

test('every slot has a bar, as tall as its calls, with refused calls on top of the allowed ones', () => {
  const chart = callsChart(report, 'Calls');
  const allowed = barsOf(chart, 'calls-allowed');
  const refused = barsOf(chart, 'calls-refused');
  expect([allowed.length, refused.length]).toEqual([30, 30]);
  const perCall = heightOf(allowed[20] ?? chart) / 200;
  for (const [index, slot] of slots.entries()) {
    const [below, above] = [allowed[index], refused[index]];
    if (!below || !above) throw new Error(`slot ${index} has no bar`);
    expect(heightOf(below)).toBeCloseTo(slot.allowed * perCall, 6);
    expect(heightOf(above)).toBeCloseTo(slot.refused * perCall, 6);
    expect(Number(above.attributes.y) + heightOf(above)).toBeCloseTo(Number(below.attributes.y), 6);
  }
});

test('answers are stacked from success to server errors', () => {
  const chart = answersChart(report, 'Answers');
  const kinds = ['answers-success', 'answers-redirect', 'answers-client-error', 'answers-server-error'];
  const tops = kinds.map((kind) => Number(barsOf(chart, kind)[29]?.attributes.y));
  expect(tops).toEqual(tops.toSorted((a, b) => b - a));
  expect(new Set(tops).size).toBe(4);
});

test('a slot without a known latency is a gap, and the others have a point', () => {
  const chart = latencyChart(report, 'Latency');
  expect(barsOf(chart, 'latency-p95 dots')).toHaveLength(29);
  expect(JSON.stringify(chart)).not.toMatch(/NaN|Infinity|undefined/);
});

test('the charts are named for those who do not see them', () => {
  expect(callsChart(report, 'Calls per day').attributes).toMatchObject({ role: 'img', 'aria-label': 'Calls per day' });
});

test('a chart of no calls at all is still a chart, by the hour and by the month too', () => {
  const answers = { success: 0, redirect: 0, clientError: 0, serverError: 0, unknown: 0 };
  const quiet = slots.map((slot) => ({ ...slot, allowed: 0, refused: 0, answers, medianMs: null, p95Ms: null }));
  for (const grain of ['hour', 'day', 'month'] as const) {
    const calls = callsChart({ grain, slots: quiet }, 'Quiet');
    const drawn = [
      calls,
      answersChart({ grain, slots: quiet }, 'Quiet'),
      latencyChart({ grain, slots: quiet }, 'Quiet'),
    ];
    expect(barsOf(calls, 'calls-allowed').map(heightOf)).toEqual(quiet.map(() => 0));
    expect(JSON.stringify(drawn)).not.toMatch(/NaN|Infinity|undefined/);
  }
});
