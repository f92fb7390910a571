import { slugsOf } from '../catalog/slugs.ts';
import type { ReferenceNavigation, Tag } from './reference.ts';
import type { ReferenceStore, VersionKey } from './reference-store.ts';

/** A tag with its name in the document: '' for operations that have none. */
export interface NamedTag extends Tag {
  name: string;
}

const WITHOUT_TAG = 'Other operations';

/** In the order of the document. */
export async function readTags(store: ReferenceStore, key: VersionKey): Promise<NamedTag[]> {
  const counts = await store.tags(key);
  const titleOf = (name: string): string => name || WITHOUT_TAG;
  const slugs = slugsOf(counts.map(({ tag }) => titleOf(tag)));
  return counts.map(({ tag, operations }) => ({
    name: tag,
    slug: slugs.get(titleOf(tag)) ?? '',
    title: titleOf(tag),
    operationCount: operations,
  }));
}

export function findTag(tags: readonly NamedTag[], slug: string): NamedTag | null {
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
