import { expect, test } from 'vitest';

import { type SvgNode, callsChart } from '../../src/ui/usage/calls-chart.ts';

const START = Date.UTC(2026, 9, 26);
const DAY = 24 * 60 * 60 * 1000;
const days = Array.from({ length: 30 }, (_, index) => ({
  dayStartMs: START + index * DAY,
  allowed: index * 10,
  refused: index % 7,
}));

const elements = (node: SvgNode): SvgNode[] => [
  node,
  ...node.children.flatMap((child) => (typeof child === 'string' ? [] : elements(child))),
];
const barsOf = (chart: SvgNode, kind: string): SvgNode[] =>
  elements(chart)
    .filter(({ attributes }) => attributes.class === kind)
    .flatMap(({ children }) => children.filter((child) => typeof child !== 'string'));
const heightOf = ({ attributes }: SvgNode): number => Number(attributes.height);

test('the chart has no style of its own, which the content security policy would drop', () => {
  const all = elements(callsChart(days, 'Calls'));
  expect(all.length).toBeGreaterThan(60);
  expect(all.filter(({ tag, attributes }) => tag === 'style' || 'style' in attributes)).toEqual([]);
});

test('the chart has nothing that runs or loads', () => {
  const names = elements(callsChart(days, 'Calls')).flatMap(({ tag, attributes }) => [tag, ...Object.keys(attributes)]);
  expect(names.filter((name) => /^on|href|^(script|foreignObject|image|use)$/i.test(name))).toEqual([]);
});

test('every day has a bar, as tall as its calls, with refused calls on top of the allowed ones', () => {
  const chart = callsChart(days, 'Calls');
  const allowed = barsOf(chart, 'calls-allowed');
  const refused = barsOf(chart, 'calls-refused');
  expect([allowed.length, refused.length]).toEqual([30, 30]);
  const perCall = heightOf(allowed[20] ?? chart) / 200;
  for (const [index, day] of days.entries()) {
    const [below, above] = [allowed[index], refused[index]];
    if (!below || !above) throw new Error(`day ${index} has no bar`);
    expect(heightOf(below)).toBeCloseTo(day.allowed * perCall, 6);
    expect(heightOf(above)).toBeCloseTo(day.refused * perCall, 6);
    expect(Number(above.attributes.y) + heightOf(above)).toBeCloseTo(Number(below.attributes.y), 6);
  }
});

test('the chart is named for those who do not see it', () => {
  expect(callsChart(days, 'Calls per day').attributes).toMatchObject({ role: 'img', 'aria-label': 'Calls per day' });
});

test('a chart of no calls at all is still a chart', () => {
  const quiet = days.map((day) => ({ ...day, allowed: 0, refused: 0 }));
  const chart = callsChart(quiet, 'Calls');
  expect(barsOf(chart, 'calls-allowed').map(heightOf)).toEqual(quiet.map(() => 0));
  expect(JSON.stringify(chart)).not.toMatch(/NaN|Infinity|undefined/);
});
