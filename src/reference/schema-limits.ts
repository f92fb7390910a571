import type { JsonObject } from '../catalog/document-source.ts';

/** Format and limits of a schema in words, such as `date-time` and `1 to 40 characters`. */
export function schemaLimits(schema: JsonObject): string[] {
  const found = [
    text(schema.format),
    text(schema.contentMediaType),
    text(schema.contentEncoding),
    range(schema.minLength, schema.maxLength, 'characters'),
    numberRange(schema),
    range(schema.minItems, schema.maxItems, 'items'),
    range(schema.minProperties, schema.maxProperties, 'properties'),
    schema.uniqueItems === true ? 'no item twice' : null,
    typeof schema.multipleOf === 'number' ? `multiple of ${String(schema.multipleOf)}` : null,
    typeof schema.pattern === 'string' ? `matches ${schema.pattern}` : null,
  ];
  return found.filter((limit) => limit !== null);
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function range(least: unknown, most: unknown, unit: string): string | null {
  const [from, to] = [number(least), number(most)];
  if (from !== null && to !== null) return from === to ? `exactly ${from} ${unit}` : `${from} to ${to} ${unit}`;
  if (to !== null) return `at most ${to} ${unit}`;
  return from === null || from === '0' ? null : `at least ${from} ${unit}`;
}

function numberRange(schema: JsonObject): string | null {
  const [least, above] = [number(schema.minimum), number(schema.exclusiveMinimum)];
  const [most, below] = [number(schema.maximum), number(schema.exclusiveMaximum)];
  if (least !== null && most !== null && above === null && below === null) return `${least} to ${most}`;
  const from = above === null ? least && `${least} or more` : `more than ${above}`;
  const to = below === null ? most && `${most} or less` : `less than ${below}`;
  return [from, to].filter((part) => part !== null && part !== '').join(', ') || null;
}

function number(value: unknown): string | null {
  return typeof value === 'number' ? String(value) : null;
}
