import { slugsOf } from '../catalog/slugs.ts';
import type { ReferenceNavigation, Tag } from './reference.ts';
import type { ReferenceStore, VersionKey } from './reference-store.ts';
import { placeTags } from './tag-order.ts';

const WITHOUT_TAG = 'Other operations';

/** In the order of the document, those with a parent after it. */
export async function readTags(store: ReferenceStore, key: VersionKey): Promise<Tag[]> {
  const counts = await store.tags(key);
  const wordOf = (name: string): string => name || WITHOUT_TAG;
  const slugs = slugsOf(counts.map(({ tag }) => wordOf(tag)));
  const numbers = new Map(counts.map(({ tag, operations }) => [tag, operations]));
  const root = (await store.parts(key, [''])).get('')?.value;
  return placeTags([...numbers.keys()], root).map(({ title, ...place }) => ({
    ...place,
    slug: slugs.get(wordOf(place.name)) ?? '',
    title: wordOf(title),
    operationCount: numbers.get(place.name) ?? 0,
  }));
}

export function findTag(tags: readonly Tag[], slug: string): Tag | null {
  return tags.find((tag) => tag.slug === slug) ?? null;
}

/** @param name of the tag at hand; null when there is none */
export async function readNavigation(
  store: ReferenceStore,
  key: VersionKey,
  name: string | null,
): Promise<ReferenceNavigation> {
  const tags = await readTags(store, key);
  return {
    tags,
    tag: tags.find((tag) => tag.name === name) ?? null,
    operations: name === null ? [] : await store.operationsOfTag(key, name),
    schemaCount: await store.countPages(key, 'schema'),
    webhookCount: await store.countPages(key, 'webhook'),
  };
}
