import type { JsonObject } from '../catalog/document-source.ts';

export interface Sunset {
  /** As the document has it; '' when it has none. */
  text: string;
  /** Start of the day, UTC; null when there is none or it is not a date. */
  atMs: number | null;
}

/** The date of `x-sunset`, as RFC 3339 writes dates and times. */
export function sunsetOf(object: JsonObject): Sunset {
  const given = object['x-sunset'];
  if (given === undefined || given === null) return { text: '', atMs: null };
  const text = typeof given === 'string' ? given.slice(0, 40) : JSON.stringify(given).slice(0, 40);
  const isDate = /^\d{4}-\d{2}-\d{2}(?:[Tt ][\d:.]+(?:[Zz]|[+-]\d{2}:\d{2})?)?$/.test(text);
  const atMs = isDate ? Date.parse(text.slice(0, 10)) : Number.NaN;
  return { text, atMs: Number.isNaN(atMs) ? null : atMs };
}
