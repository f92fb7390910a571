import type { SchemaView, ViewPair } from './schema-view.ts';
import type { Scribe } from './schema-walk.ts';

/** Compares types, formats and null. False when so little is left in common that the rest would be noise. */
export function compareTypes({ old, new: now }: ViewPair, scribe: Scribe): boolean {
  const isText = scribe.place === 'request-parameter' || scribe.place === 'response-header';
  const [isWider, isNarrower] = [covers(now, old, isText), covers(old, now, isText)];
  if (!(isWider && isNarrower)) {
    const values = { from: typeText(old), to: typeText(now) };
    const isList = old.types?.size !== 1 || now.types?.size !== 1;
    if (isWider) scribe.found(isList ? 'list-of-types-widened' : 'type-generalized', values);
    else if (isNarrower) scribe.found(isList ? 'list-of-types-narrowed' : 'type-specialized', values);
    else scribe.found('type-changed', values);
    if (!(isWider || isNarrower) || old.types === null || now.types === null) return false;
  }
  if (old.types !== null && now.types !== null && old.permitsNull !== now.permitsNull) {
    scribe.found(now.permitsNull ? 'became-nullable' : 'became-not-nullable');
  }
  return true;
}

/** Every value of `inner` is one of `outer`, as far as types and formats tell. */
function covers(outer: SchemaView, inner: SchemaView, isText: boolean): boolean {
  if (outer.types === null) return outer.format === null || outer.format === inner.format;
  const { types } = outer;
  if (inner.types === null) return false;
  const every = [...inner.types].every(
    (type) =>
      types.has(type) ||
      (type === 'integer' && types.has('number')) ||
      // In a query, a path or a header everything is text.
      (isText && types.has('string') && scalars.has(type) && isPlainText(outer)),
  );
  return every && formatCovers(outer, inner);
}

const scalars = new Set(['integer', 'number', 'boolean']);

function isPlainText({ format, patterns, values }: SchemaView): boolean {
  return format === null && patterns.length === 0 && values === null;
}

const widerFormats: Readonly<Record<string, readonly string[]>> = {
  int64: ['int32'],
  double: ['float', 'int32'],
  float: ['int32'],
  'uri-reference': ['uri'],
  iri: ['uri'],
};

function formatCovers({ format, types }: SchemaView, inner: SchemaView): boolean {
  if (format === null || format === inner.format) return true;
  if (inner.format === null)
    return types?.has('number') === true && inner.types?.has('integer') === true && format === 'double';
  return widerFormats[format]?.includes(inner.format) ?? false;
}

function typeText({ types, format }: SchemaView): string {
  if (types === null) return 'any type';
  if (types.size === 0) return 'nothing';
  const names = [...types].sort().join(' or ');
  return format === null ? names : `${names} (${format})`;
}
