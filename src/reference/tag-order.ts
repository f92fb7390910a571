import { type JsonObject, isJsonObject } from '../catalog/json-object.ts';
import { asArray } from './schema-shape.ts';

/** How a tag that has operations stands among the others. */
export interface TagPlace {
  name: string;
  /** As readers see it. */
  title: string;
  /** Under how many other tags it stands. */
  depth: number;
  /** Titles of tags above it that have no operations, and therefore no page: shown before the first tag below them. */
  heading: string | null;
}

/** Documents are untrusted: deeper than this, and in circles, nothing is nested. */
const MOST_PARENTS = 4;

/**
 * Puts tags under their parents (OpenAPI 3.2, Tag Object); without parents, the order stays.
 * @param names of tags that have operations, in the order of the document
 * @param root of the document, which describes its tags
 */
export function placeTags(names: readonly string[], root: unknown): TagPlace[] {
  const described = describedTags(root);
  const trails = names.map((name) => [...parentsOf(described, name), name]);
  const known = new Set(names);
  const places: TagPlace[] = [];
  const visit = (tags: readonly (readonly string[])[], depth: number): void => {
    for (const [name, below] of Map.groupBy(tags, (trail) => trail[depth] ?? '')) {
      const title = titleOf(described, name);
      const first = places.length;
      if (known.has(name)) places.push({ name, title, depth, heading: null });
      visit(
        below.filter((trail) => trail.length > depth + 1),
        depth + 1,
      );
      const next = places[first];
      if (!known.has(name) && next) next.heading = next.heading === null ? title : `${title}: ${next.heading}`;
    }
  };
  visit(trails, 0);
  return places;
}

function describedTags(root: unknown): ReadonlyMap<string, JsonObject> {
  const tags = isJsonObject(root) ? asArray(root.tags).filter(isJsonObject) : [];
  return new Map(tags.map((tag) => [String(tag.name), tag]));
}

/** Outermost first. */
function parentsOf(described: ReadonlyMap<string, JsonObject>, name: string): string[] {
  const parents: string[] = [];
  for (let parent = described.get(name)?.parent; typeof parent === 'string'; parent = described.get(parent)?.parent) {
    if (!described.has(parent)) break;
    if (parent === name || parents.includes(parent) || parents.length >= MOST_PARENTS) return [];
    parents.unshift(parent);
  }
  return parents;
}

function titleOf(described: ReadonlyMap<string, JsonObject>, name: string): string {
  const summary = described.get(name)?.summary;
  return typeof summary === 'string' && summary !== '' ? summary : name;
}
