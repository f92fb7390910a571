import { partPointer } from '../catalog/document-parts.ts';
import { type JsonObject, isJsonObject } from '../catalog/document-source.ts';
import { pointerPath } from '../catalog/json-pointer.ts';
import { stepsOfMethod } from '../catalog/path-item.ts';
import type { Resolver } from './resolver.ts';
import { asArray } from './schema-shape.ts';

/** More than any form can show. Beyond them a schema is "anything": Stripe's refer to each other without end. */
const MOST_COMPONENTS = 60;
const MAX_DEPTH = 60;

export interface SliceTarget {
  title: string;
  version: string;
  /** Where the version is called. */
  serverUrl: string;
  path: string;
  method: string;
}

/**
 * An OpenAPI 3.1 or 3.2 document of one operation: what is needed to fill in a call and send it. Its answers are left out,
 * since a call brings a real one, and so are security schemes, since the console has a field for the credential.
 */
export function sliceOperation(
  resolver: Resolver,
  operation: JsonObject,
  shared: unknown,
  target: SliceTarget,
): JsonObject {
  const work: Work = { resolver, wanted: new Map() };
  const { operationId, summary, deprecated, requestBody } = operation;
  const item = resolver.resolve(shared).value;
  const parameters = [...asArray(isJsonObject(item) ? item.parameters : []), ...asArray(operation.parameters)];
  const own = {
    ...{ operationId, summary, deprecated },
    parameters: ownParameters(resolver, parameters).map((one) => copy(work, one, 0)),
    requestBody: copy(work, resolver.resolve(requestBody).value, 0),
    responses: { default: { description: 'Any answer.' } },
  };
  const components = copyComponents(work);
  const [place = '', method] = stepsOfMethod(target.method);
  return {
    openapi: isNewer(resolver) ? '3.2.0' : '3.1.0',
    info: { title: target.title, version: target.version },
    servers: [{ url: target.serverUrl }],
    paths: { [target.path]: { [place]: method === undefined ? own : { [method]: own } } },
    components,
  };
}

function isNewer(resolver: Resolver): boolean {
  const root = resolver.at('');
  return isJsonObject(root) && typeof root.openapi === 'string' && root.openapi.startsWith('3.2.');
}

function copyComponents(work: Work): JsonObject {
  const sections = new Map<string, [string, unknown][]>();
  // A map visits what is added while it is walked: what is nearest comes first.
  for (const [pointer, { section, name }] of work.wanted) {
    const members = sections.get(section) ?? [];
    sections.set(section, members);
    members.push([name, copy(work, work.resolver.at(pointer), 0)]);
  }
  return Object.fromEntries([...sections].map(([section, members]) => [section, Object.fromEntries(members)]));
}

interface Work {
  resolver: Resolver;
  /** Components to bring along, by pointer, in the order in which they are met. */
  wanted: Map<string, { section: string; name: string }>;
}

/** The value with its references kept where they lead to components, and followed where they lead elsewhere. */
function copy(work: Work, value: unknown, depth: number): unknown {
  if (depth > MAX_DEPTH) return {};
  if (Array.isArray(value)) return value.map((one) => copy(work, one, depth + 1));
  if (!isJsonObject(value)) return value;
  const { $ref: reference, ...beside } = value;
  if (typeof reference !== 'string') return copyMembers(work, value, depth);
  if (!want(work, reference)) return copyMembers(work, beside, depth);
  return { $ref: reference, ...copyMembers(work, beside, depth) };
}

function copyMembers(work: Work, value: JsonObject, depth: number): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, copy(work, one, depth + 1)]));
}

function want({ resolver, wanted }: Work, reference: string): boolean {
  const steps = pointerPath(reference) ?? [];
  const [start, section = '', name] = steps;
  if (start !== 'components' || name === undefined) return false;
  const pointer = partPointer(steps);
  if (!wanted.has(pointer) && wanted.size >= MOST_COMPONENTS) return false;
  if (resolver.at(reference) === undefined) return false;
  wanted.set(pointer, { section, name });
  return true;
}

/** Of the same name and place the last: the operation's own. */
function ownParameters(resolver: Resolver, given: readonly unknown[]): JsonObject[] {
  const resolved = given.map((one) => resolver.resolve(one).value).filter(isJsonObject);
  return [...new Map(resolved.map((one) => [`${String(one.in)} ${String(one.name)}`, one])).values()];
}
