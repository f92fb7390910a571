import type { JsonObject } from '../catalog/document-source.ts';

export interface Bound {
  value: number;
  isExclusive: boolean;
}

/** Numeric limits by their names in rules, such as `max-length`; absent where there is none. */
export interface Limits {
  upper: ReadonlyMap<string, Bound>;
  lower: ReadonlyMap<string, Bound>;
  multipleOf: number | null;
}

const upperKeywords = {
  maxLength: 'max-length',
  maxItems: 'max-items',
  maxProperties: 'max-properties',
  maxContains: 'max-contains',
} as const;
const lowerKeywords = {
  minLength: 'min-length',
  minItems: 'min-items',
  minProperties: 'min-properties',
  minContains: 'min-contains',
} as const;

/** The tightest limits of schemas that hold together. */
export function readLimits(schemas: readonly JsonObject[], types: ReadonlySet<string> | null): Limits {
  const isInteger = types?.size === 1 && types.has('integer');
  const upper = new Map<string, Bound>();
  const lower = new Map<string, Bound>();
  let multipleOf: number | null = null;
  for (const schema of schemas) {
    tighten(upper, 'max', upperBound(schema, isInteger), -1);
    tighten(lower, 'min', lowerBound(schema, isInteger), 1);
    for (const [keyword, name] of Object.entries(upperKeywords)) tighten(upper, name, inclusive(schema[keyword]), -1);
    for (const [keyword, name] of Object.entries(lowerKeywords)) {
      const bound = inclusive(schema[keyword]);
      // Nothing is shorter than 0; one match is what `contains` asks for anyway.
      const isDefault = bound?.value === (name === 'min-contains' ? 1 : 0);
      if (!isDefault) tighten(lower, name, bound, 1);
    }
    if (typeof schema.multipleOf === 'number' && !(isInteger && schema.multipleOf === 1)) {
      multipleOf ??= schema.multipleOf;
    }
  }
  return { upper, lower, multipleOf };
}

function tighten(bounds: Map<string, Bound>, name: string, bound: Bound | null, sign: 1 | -1): void {
  const known = bounds.get(name);
  if (bound && (!known || compareBounds(bound, known, sign) > 0)) bounds.set(name, bound);
}

/** Positive when `a` is the tighter one. @param sign 1 for lower bounds, -1 for upper ones */
export function compareBounds(a: Bound, b: Bound, sign: 1 | -1): number {
  return (a.value - b.value) * sign || Number(a.isExclusive) - Number(b.isExclusive);
}

function inclusive(value: unknown): Bound | null {
  return typeof value === 'number' ? { value, isExclusive: false } : null;
}

function upperBound({ maximum, exclusiveMaximum }: JsonObject, isInteger: boolean): Bound | null {
  return tighter(inclusive(maximum), exclusive(exclusiveMaximum, isInteger ? -1 : null), -1);
}

function lowerBound({ minimum, exclusiveMinimum }: JsonObject, isInteger: boolean): Bound | null {
  return tighter(inclusive(minimum), exclusive(exclusiveMinimum, isInteger ? 1 : null), 1);
}

/** Below 10 is at most 9 for an integer. */
function exclusive(value: unknown, step: 1 | -1 | null): Bound | null {
  if (typeof value !== 'number') return null;
  return step !== null && Number.isInteger(value)
    ? { value: value + step, isExclusive: false }
    : { value, isExclusive: true };
}

function tighter(a: Bound | null, b: Bound | null, sign: 1 | -1): Bound | null {
  if (!a || !b) return a ?? b;
  return compareBounds(a, b, sign) > 0 ? a : b;
}
