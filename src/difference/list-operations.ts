import { type JsonObject, isJsonObject } from '../catalog/document-source.ts';
import { METHODS, operationsOfPathItem } from '../catalog/path-item.ts';
import { type OpenDocument, listOf, objectOf, textOf } from './open-document.ts';

/** An operation of a document, with what its path shares. */
export interface ListedOperation {
  kind: 'operation' | 'webhook';
  /** As it is sent. */
  method: string;
  /** The name of a webhook. */
  path: string;
  operation: JsonObject;
  item: JsonObject;
}

export function listOperations(document: OpenDocument): ListedOperation[] {
  return [...listItems(document, 'paths', 'operation'), ...listItems(document, 'webhooks', 'webhook')];
}

function listItems(document: OpenDocument, section: string, kind: ListedOperation['kind']): ListedOperation[] {
  return Object.entries(objectOf(document.root[section])).flatMap(([path, given]) =>
    kind === 'operation' && !path.startsWith('/') ? [] : operationsOfItem(document, kind, path, given),
  );
}

/** The operations of a path item, which may be a reference. */
export function operationsOfItem(
  document: OpenDocument,
  kind: ListedOperation['kind'],
  path: string,
  given: unknown,
): ListedOperation[] {
  const item = { ...objectOf(document.resolve(given).value), ...objectOf(given) };
  const rank = ({ steps: [first = ''] }: { steps: readonly string[] }): number => METHODS.indexOf(first) >>> 0;
  return operationsOfPathItem(item)
    .toSorted((a, b) => rank(a) - rank(b))
    .map(({ method, object }) => ({ kind, method, path, operation: object, item }));
}

export interface MatchedOperation {
  old: ListedOperation | null;
  new: ListedOperation | null;
  /** Its whole path is gone. */
  isPathRemoved: boolean;
}

/** Finds each operation in the other document. `/a/{x}` and `/a/{y}` are the same address. */
export function matchOperations(old: readonly ListedOperation[], now: readonly ListedOperation[]): MatchedOperation[] {
  const byAddress = new Map(old.map((one) => [addressOf(one), one]));
  const byShape = new Map(old.map((one) => [shapeOf(one), one]));
  const exact = new Set(now.map(addressOf));
  const paths = new Set(now.map((one) => shapeOfPath(one.path)));
  const taken = new Set<ListedOperation>();
  const matches = now.map((one): MatchedOperation => {
    const similar = byShape.get(shapeOf(one));
    const partner = byAddress.get(addressOf(one)) ?? (similar && !exact.has(addressOf(similar)) ? similar : null);
    const found = partner && !taken.has(partner) ? partner : null;
    if (found) taken.add(found);
    return { old: found, new: one, isPathRemoved: false };
  });
  const removed = old.filter((one) => !taken.has(one));
  return [
    ...matches,
    ...removed.map((one) => ({ old: one, new: null, isPathRemoved: !paths.has(shapeOfPath(one.path)) })),
  ];
}

function addressOf({ kind, method, path }: ListedOperation): string {
  return `${kind} ${method} ${path}`;
}

function shapeOf({ kind, method, path }: ListedOperation): string {
  return `${kind} ${method} ${kind === 'webhook' ? path : shapeOfPath(path)}`;
}

function shapeOfPath(path: string): string {
  return path.replace(/\{[^{}]*\}/g, '{}');
}

/** Names of the parameters of a path, in order. */
export function pathParameters(path: string): string[] {
  return [...path.matchAll(/\{([^{}]*)\}/g)].map(([, name = '']) => name);
}

/** Resolved parameters of an operation; its own replace those of its path. */
export interface ListedParameter {
  name: string;
  in: string;
  object: JsonObject;
  component: string | null;
}

/** Headers that OpenAPI keeps for itself (3.1, Parameter Object). */
const RESERVED_HEADERS = new Set(['accept', 'content-type', 'authorization']);

export function listParameters(document: OpenDocument, { item, operation }: ListedOperation): ListedParameter[] {
  const found = new Map<string, ListedParameter>();
  for (const given of [...listOf(item.parameters), ...listOf(operation.parameters)]) {
    const { value, component } = document.resolve(given);
    if (!isJsonObject(value)) continue;
    const place = textOf(value.in) ?? '';
    const name = place === 'header' ? (textOf(value.name) ?? '').toLowerCase() : (textOf(value.name) ?? '');
    if (place === 'header' && RESERVED_HEADERS.has(name)) continue;
    found.set(`${place} ${name}`, { name: textOf(value.name) ?? '', in: place, object: value, component });
  }
  return [...found.values()];
}
