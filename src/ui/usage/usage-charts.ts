import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';

import type { UsageReport, UsageSlot } from '../../usage/usage.ts';
import { type SvgNode, toSvgNode } from './svg-node.ts';

type Report = Pick<UsageReport, 'grain' | 'slots'>;

/** A part of every bar, from the bottom up. */
interface Layer {
  className: string;
  of: (slot: UsageSlot) => number;
}

const CALLS: readonly Layer[] = [
  { className: 'calls-allowed', of: ({ allowed }) => allowed },
  { className: 'calls-refused', of: ({ refused }) => refused },
];

const ANSWERS: readonly Layer[] = [
  { className: 'answers-success', of: ({ answers }) => answers.success },
  { className: 'answers-redirect', of: ({ answers }) => answers.redirect },
  { className: 'answers-client-error', of: ({ answers }) => answers.clientError },
  { className: 'answers-server-error', of: ({ answers }) => answers.serverError },
];

const LATENCIES = [
  { className: 'latency-median', of: ({ medianMs }: UsageSlot) => medianMs },
  { className: 'latency-p95', of: ({ p95Ms }: UsageSlot) => p95Ms },
] as const;

const TICKS = { hour: '%H:%M', day: '%-d %b', month: '%b %y' };

/** Calls per slot, refused on top of allowed. */
export function callsChart(report: Report, label: string): SvgNode {
  return stackedChart(report, CALLS, label);
}

/** Known answers per slot by status. */
export function answersChart(report: Report, label: string): SvgNode {
  return stackedChart(report, ANSWERS, label);
}

/** Median and 95th percentile per slot; slots without a known latency are gaps. */
export function latencyChart({ grain, slots }: Report, label: string): SvgNode {
  const most = Math.max(10, ...slots.map(({ p95Ms }) => p95Ms ?? 0));
  const marks = LATENCIES.flatMap(({ className, of }) => {
    const place = { x: middleOf, y: of };
    return [
      Plot.line(slots, { ...place, className, strokeWidth: 2 }),
      Plot.dot(
        slots.filter((slot) => of(slot) !== null),
        { ...place, className: `${className} dots`, r: 2 },
      ),
    ];
  });
  const tick = (latencyMs: number): string => (latencyMs >= 1000 ? `${latencyMs / 1000} s` : `${latencyMs} ms`);
  return draw({ grain, slots }, most, tick, marks, label);
}

function stackedChart(report: Report, layers: readonly Layer[], label: string): SvgNode {
  const most = Math.max(4, ...report.slots.map((slot) => layers.reduce((sum, { of }) => sum + of(slot), 0)));
  const marks = layers.map(({ className, of }, index) => {
    const below = (slot: UsageSlot): number => layers.slice(0, index).reduce((sum, layer) => sum + layer.of(slot), 0);
    return Plot.rect(report.slots, {
      x1: ({ startMs }: UsageSlot) => new Date(startMs),
      x2: ({ endMs }: UsageSlot) => new Date(endMs),
      y1: below,
      y2: (slot: UsageSlot) => below(slot) + of(slot),
      insetLeft: 1.5,
      insetRight: 1.5,
      className,
    });
  });
  return draw(report, most, '~s', marks, label);
}

function draw(
  { grain, slots }: Report,
  most: number,
  tickFormat: string | ((value: number) => string),
  marks: readonly Plot.Markish[],
  label: string,
): SvgNode {
  const svg = Plot.plot({
    document: parseHTML('<!doctype html><html><body></body></html>').document,
    width: 960,
    height: 220,
    marginLeft: 52,
    marginRight: 8,
    marginTop: 12,
    marginBottom: 28,
    x: { type: 'utc', label: null, domain: [slots[0]?.startMs ?? 0, slots.at(-1)?.endMs ?? 1] },
    y: { domain: [0, most], label: null, nice: true },
    marks: [
      Plot.gridY({ ticks: 4, className: 'axis-line' }),
      Plot.axisY({ ticks: 4, tickSize: 0, className: 'axis-text', tickFormat }),
      Plot.axisX({ ticks: 6, tickSize: 0, className: 'axis-text', tickFormat: TICKS[grain] }),
      ...marks,
      Plot.ruleY([0], { className: 'axis-line' }),
    ],
  });
  return toSvgNode(svg, label);
}

function middleOf({ startMs, endMs }: UsageSlot): Date {
  return new Date((startMs + endMs) / 2);
}
