import type { CatalogStore } from '../catalog/catalog-store.ts';
import { pointerPath } from '../catalog/json-pointer.ts';
import type { Guide } from '../guides/guide.ts';
import type { Notice } from '../notices/notice.ts';
import { readTags } from '../reference/navigation.ts';
import type { ReferenceStore } from '../reference/reference-store.ts';
import type { SearchSource } from './search.ts';
import type { SearchStore, SearchableVersion } from './search-store.ts';

type Source<Kind extends SearchSource['kind']> = Extract<SearchSource, { kind: Kind }>;

/** Where everything that can be found comes from. All of it is what everybody may read without signing in. */
export interface SearchableParts {
  catalog: Pick<CatalogStore, 'apis'>;
  reference: ReferenceStore;
  store: SearchStore;
  guides: { list(): readonly Guide[] };
  /** Published ones. */
  notices: { list(): readonly Notice[] };
  refusals: readonly Source<'refusal'>[];
}

/**
 * All sources, a batch at a time. Of an operation or schema that several versions have, the newest current one is
 * found: its page leads to the others.
 */
export async function* collectSources(parts: SearchableParts): AsyncGenerator<readonly SearchSource[]> {
  yield [...parts.guides.list().map(guideSource), ...parts.notices.list().map(noticeSource), ...parts.refusals];
  for (const api of await parts.catalog.apis()) {
    const href = `/docs/${api.slug}`;
    yield [{ kind: 'api', href, crumbs: ['APIs'], title: api.title, text: api.summary, names: [api.title, api.slug] }];
    const seen = new Set<string>();
    for (const version of currentFirst(api.versions)) yield* sourcesOfVersion(parts, api.title, version, seen);
  }
}

type Version = Awaited<ReturnType<CatalogStore['apis']>>[number]['versions'][number];

function currentFirst(versions: readonly Version[]): readonly Version[] {
  const order = { active: 0, deprecated: 1, retired: 2 };
  return versions.toSorted((a, b) => order[a.lifecycle] - order[b.lifecycle]);
}

async function* sourcesOfVersion(
  { reference, store }: SearchableParts,
  apiTitle: string,
  version: Version,
  seen: Set<string>,
): AsyncGenerator<readonly SearchSource[]> {
  const key: SearchableVersion = { api: version.apiSlug, version: version.version };
  const path = `/docs/${key.api}/${key.version}`;
  const place = { isCurrent: version.lifecycle === 'active', crumbs: [apiTitle, key.version] };
  const isNew = (name: string): boolean => !seen.has(name) && Boolean(seen.add(name));
  const tags = (await readTags(reference, key)).filter(({ title }) => isNew(`tag ${title}`));
  yield tags.map((tag): Source<'api'> => {
    const text = `${tag.operationCount} operations`;
    return {
      kind: 'api',
      href: `${path}/tags/${tag.slug}`,
      crumbs: place.crumbs,
      title: tag.title,
      text,
      names: [tag.title],
    };
  });
  for await (const operations of store.operations(key)) {
    const fresh = operations.filter(({ operationId }) => isNew(`operation ${operationId}`));
    yield fresh.map(({ slug, tag, ...operation }): Source<'operation'> => {
      const crumbs = [...place.crumbs, ...(tag === '' ? [] : [tag])];
      return { kind: 'operation', href: `${path}/${slug}`, ...operation, ...place, crumbs };
    });
  }
  for (const { kind, folder, nameOf } of named) {
    for await (const found of store.parts(key, kind)) {
      const fresh = found.filter(({ pointer }) => isNew(`${kind} ${nameOf(pointer)}`));
      yield fresh.map(({ pointer, slug, json }): Source<'schema' | 'webhook'> => {
        const crumbs = [...place.crumbs, folder === 'schemas' ? 'Schemas' : 'Webhooks'];
        return { kind, href: `${path}/${folder}/${slug}`, name: nameOf(pointer), json, ...place, crumbs };
      });
    }
  }
}

const named = [
  { kind: 'schema', folder: 'schemas', nameOf: (pointer: string) => pointerPath(pointer)?.at(-1) ?? '' },
  { kind: 'webhook', folder: 'webhooks', nameOf: (pointer: string) => pointerPath(pointer)?.[1] ?? '' },
] as const;

function guideSource({ slug, title, summary, section, html }: Guide): Source<'guide'> {
  return { kind: 'guide', href: `/guides/${slug}`, title, summary, section, html };
}

function noticeSource(notice: Notice): Source<'notice'> {
  const { slug, title, summary, html } = notice;
  const names = notice.kind === 'advisory' ? [...notice.ids, title] : [title];
  return { kind: 'notice', href: `/notices/${slug}`, title, summary, names, html };
}
