import { partPointer } from '../catalog/document-parts.ts';
import { type JsonObject, isJsonObject } from '../catalog/document-source.ts';
import { pointerPath } from '../catalog/json-pointer.ts';

/** A part of a document that has been loaded. */
export interface LoadedPart {
  value: unknown;
  /** Its address below `schemas/`; '' if it has no page. */
  slug: string;
}

/** A schema with a page of its own. */
export interface NamedSchema {
  name: string;
  slug: string;
}

/** A value of a document after its references have been followed. */
export interface Resolved {
  value: unknown;
  /** Pointers of what was followed, outermost first: how circles are noticed. */
  pointers: readonly string[];
}

/**
 * Follows references within one document, of which only some parts are there. What is missing is noted, so that it can
 * be loaded and the description begun again: a page needs a handful of parts, of a document of megabytes.
 */
export interface Resolver {
  resolve(value: unknown): Resolved;
  /** What stands at a pointer; undefined if nothing, or not there yet. */
  at(pointer: string): unknown;
  namedSchema(pointer: string | undefined): NamedSchema | null;
  missing(): readonly string[];
}

const MAX_CHAIN = 20;

/** @param parts by pointer; null means: looked for, and not in the document */
export function createResolver(parts: ReadonlyMap<string, LoadedPart | null>): Resolver {
  const missing = new Set<string>();
  const at = (pointer: string): unknown => {
    const steps = pointerPath(pointer);
    if (!steps) return undefined;
    const start = partPointer(steps);
    const part = parts.get(start);
    if (part === undefined) missing.add(start);
    if (!part) return undefined;
    return steps.slice(pointerPath(start)?.length).reduce(child, part.value);
  };
  return {
    at,
    resolve(given) {
      const pointers: string[] = [];
      let value = given;
      while (isReference(value) && pointers.length < MAX_CHAIN) {
        const { $ref: reference, ...beside } = value;
        pointers.push(reference);
        const target = at(reference);
        // OpenAPI 3.1: what stands beside a reference adds to what it points at.
        value = isJsonObject(target) ? { ...target, ...beside } : target;
      }
      return { value, pointers };
    },
    namedSchema(pointer) {
      const steps = pointer === undefined ? null : pointerPath(pointer);
      const [section, kind, name] = steps ?? [];
      if (steps?.length !== 3 || section !== 'components' || kind !== 'schemas' || name === undefined) return null;
      return { name, slug: parts.get(partPointer(steps))?.slug ?? '' };
    },
    missing: () => [...missing],
  };
}

function child(value: unknown, step: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
  return (value as JsonObject)[step];
}

function isReference(value: unknown): value is JsonObject & { $ref: string } {
  return isJsonObject(value) && typeof value.$ref === 'string' && value.$ref.startsWith('#/');
}
