import type { Path } from './json-scan.ts';

/** The steps of a JSON pointer (RFC 6901) such as `#/paths/~1parcels/get` or `/paths`; null if it is not one. */
export function pointerPath(pointer: string): Path | null {
  const text = pointer.startsWith('#') ? pointer.slice(1) : pointer;
  if (text === '') return [];
  if (!text.startsWith('/')) return null;
  try {
    return decodeURIComponent(text)
      .slice(1)
      .split('/')
      .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  } catch {
    return null;
  }
}

/** What a reference within the document points at; undefined if nothing. */
export function resolvePointer(document: unknown, pointer: string): unknown {
  const path = pointerPath(pointer);
  if (!path) return undefined;
  let value = document;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string, unknown>)[step];
  }
  return value;
}

/** One step of a JSON pointer with its slash: `/~1parcels` for `/parcels`. */
export function escapeStep(step: string): string {
  return `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
