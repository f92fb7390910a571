import { sample } from 'openapi-sampler';

import { type JsonObject, isJsonObject } from '../catalog/document-source.ts';
import type { Resolver } from './resolver.ts';

export type Direction = 'request' | 'response';

const MAX_DEPTH = 6;
const MAX_OBJECTS = 150;
const MAX_MEMBERS = 20;
const MAX_PROPERTIES = 60;

/** An example that fits a schema; undefined when none can be made. */
export function makeExample(resolver: Resolver, schema: unknown, direction: Direction): unknown {
  const inlined = inline({ resolver, left: MAX_OBJECTS }, schema, 0, []);
  const options = {
    maxSampleDepth: MAX_DEPTH,
    quiet: true,
    skipReadOnly: direction === 'request',
    skipWriteOnly: direction === 'response',
  };
  try {
    return sample(inlined, options);
  } catch {
    // The library stumbles over some contradictory schemas; a page without an example is still a page.
    return undefined;
  }
}

/** The schema with what it refers to in place, as deep and as much as an example needs. Circles end in `{}`. */
function inline(
  work: { resolver: Resolver; left: number },
  given: unknown,
  depth: number,
  trail: readonly string[],
): JsonObject {
  const { value, pointers } = work.resolver.resolve(given);
  const isCircle = pointers.some((pointer) => trail.includes(pointer));
  if (!isJsonObject(value) || isCircle || depth > MAX_DEPTH || work.left <= 0) return {};
  work.left -= 1;
  const around = [...trail, ...pointers];
  const below = (child: unknown): JsonObject => inline(work, child, depth + 1, around);
  const copy: JsonObject = { ...value };
  delete copy.not;
  // Dates have the length that they have; the library complains on the console about any other.
  if (typeof copy.format === 'string' && copy.format.startsWith('date')) {
    delete copy.minLength;
    delete copy.maxLength;
  }
  for (const name of ['allOf', 'oneOf', 'anyOf', 'prefixItems']) {
    const members = Array.isArray(value[name]) ? value[name] : [];
    if (members.length > 0) copy[name] = needed(name, members).map((member) => inline(work, member, depth, around));
  }
  for (const name of ['items', 'additionalProperties']) if (isJsonObject(value[name])) copy[name] = below(value[name]);
  const { properties } = value;
  if (isJsonObject(properties))
    copy.properties = Object.fromEntries(
      Object.entries(properties)
        .slice(0, MAX_PROPERTIES)
        .map(([name, child]) => [name, below(child)]),
    );
  return copy;
}

/** Of a choice the first that is not null. */
function needed(name: string, members: readonly unknown[]): readonly unknown[] {
  if (name === 'allOf' || name === 'prefixItems') return members.slice(0, MAX_MEMBERS);
  const choices = members.filter((member) => !isJsonObject(member) || member.type !== 'null');
  return (choices.length > 0 ? choices : members).slice(0, 1);
}
