import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';

import type { DayCount } from '../../usage/usage.ts';

/** An SVG element as plain data: the page prints it through the template, so no HTML is trusted. */
export interface SvgNode {
  tag: string;
  attributes: Readonly<Record<string, string>>;
  children: readonly (SvgNode | string)[];
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** Colours come from the stylesheet: the content security policy drops styles of its own. The whole has one name. */
const LEFT_OUT = new Set(['style', 'xmlns', 'xmlns:xlink', 'aria-label', 'aria-hidden']);

/** Calls per day (UTC), refused on top of allowed. `label` describes the chart for those who do not see it. */
export function callsChart(days: readonly DayCount[], label: string): SvgNode {
  const most = Math.max(4, ...days.map(({ allowed, refused }) => allowed + refused));
  const svg = Plot.plot({
    document: parseHTML('<!doctype html><html><body></body></html>').document,
    width: 960,
    height: 240,
    marginLeft: 48,
    marginRight: 8,
    marginTop: 12,
    marginBottom: 28,
    x: { type: 'utc', label: null },
    y: { domain: [0, most], label: null, nice: true },
    marks: [
      Plot.gridY({ ticks: 4, className: 'axis-line' }),
      Plot.axisY({ ticks: 4, tickSize: 0, className: 'axis-text', tickFormat: '~s' }),
      Plot.axisX({ ticks: 6, tickSize: 0, className: 'axis-text', tickFormat: '%-d %b' }),
      bars(days, 'calls-allowed', 0, ({ allowed }) => allowed),
      bars(
        days,
        'calls-refused',
        ({ allowed }) => allowed,
        ({ allowed, refused }) => allowed + refused,
      ),
      Plot.ruleY([0], { className: 'axis-line' }),
    ],
  });
  const node = toNode(svg);
  return { ...node, attributes: { ...node.attributes, role: 'img', 'aria-label': label } };
}

type Height = (day: DayCount) => number;

function bars(days: readonly DayCount[], className: string, from: Height | 0, to: Height): Plot.Markish {
  return Plot.rect(days, {
    x1: ({ dayStartMs }: DayCount) => new Date(dayStartMs),
    x2: ({ dayStartMs }: DayCount) => new Date(dayStartMs + DAY_MS),
    y1: from,
    y2: to,
    insetLeft: 1.5,
    insetRight: 1.5,
    className,
  });
}

function toNode(element: Element): SvgNode {
  const attributes = [...element.attributes].filter(({ name }) => !LEFT_OUT.has(name));
  return {
    tag: element.nodeName.toLowerCase(),
    attributes: Object.fromEntries(attributes.map(({ name, value }) => [name, value])),
    children: [...element.childNodes].flatMap(toChild),
  };
}

function toChild(child: ChildNode): (SvgNode | string)[] {
  if (child.nodeType === 3) return [child.textContent ?? ''];
  return child.nodeType === 1 && child.nodeName.toLowerCase() !== 'style' ? [toNode(child as Element)] : [];
}
