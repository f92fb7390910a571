import { type JsonObject, isJsonObject } from '../catalog/document-source.ts';
import { pointerPath, resolvePointer } from '../catalog/json-pointer.ts';

/** A document whose references are followed when they are met. */
export interface OpenDocument {
  root: JsonObject;
  /** What a value stands for. `component` names the last shared part on the way, such as `schemas/Parcel`. */
  resolve(value: unknown): Resolved;
}

export interface Resolved {
  value: unknown;
  component: string | null;
}

/** Longer chains are refused when a document is read. */
const MAX_CHAIN = 100;

/** @param root OpenAPI 3.1 or 3.2 as JSON values, every reference within the document */
export function openDocument(root: JsonObject): OpenDocument {
  const targets = new Map<string, Resolved>();
  const follow = (reference: string): Resolved => {
    let known = targets.get(reference);
    if (!known) {
      known = { value: resolvePointer(root, reference), component: componentName(reference) };
      targets.set(reference, known);
    }
    return known;
  };
  return {
    root,
    resolve(given) {
      let value = given;
      let component: string | null = null;
      for (let steps = 0; isReference(value) && steps < MAX_CHAIN; steps += 1) {
        const target = follow(value.$ref);
        value = target.value;
        component = target.component ?? component;
      }
      return { value: isReference(value) ? undefined : value, component };
    },
  };
}

/** The media types of a body by name; since OpenAPI 3.2 each may be a reference. */
export function contentOf(document: OpenDocument, content: unknown): JsonObject {
  const entries = Object.entries(objectOf(content));
  return Object.fromEntries(entries.map(([type, media]) => [type, document.resolve(media).value]));
}

export function isReference(value: unknown): value is JsonObject & { $ref: string } {
  return isJsonObject(value) && typeof value.$ref === 'string';
}

function componentName(reference: string): string | null {
  const [section, kind, name, ...deeper] = pointerPath(reference) ?? [];
  if (section !== 'components' || kind === undefined || name === undefined || deeper.length > 0) return null;
  return `${kind}/${name}`;
}

export function objectOf(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

export function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** JSON with the names of objects in order, so that equal values have equal texts. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const members = Object.keys(value).sort();
  return `{${members.map((name) => `${JSON.stringify(name)}:${canonicalJson(value[name])}`).join(',')}}`;
}
