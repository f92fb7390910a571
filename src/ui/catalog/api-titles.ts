import type { Api, ApiVersion } from '../../catalog/api.ts';

/** Slug -> title, for lists that know slugs only. */
export function apiTitles(apis: readonly Api[]): ReadonlyMap<string, string> {
  return new Map(apis.map(({ slug, title }) => [slug, title]));
}

/** The newest version in use, to recommend; null when all are deprecated or retired. */
export function newestActive(api: Api): ApiVersion | null {
  return api.versions.find(({ lifecycle }) => lifecycle === 'active') ?? null;
}
