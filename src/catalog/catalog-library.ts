import type { PlanStore } from '../plans/plan-store.ts';
import type { Api, ApiVersion, CatalogProblem, Operation } from './api.ts';
import { MANAGEMENT_API_SLUG } from './catalog.ts';
import type { CatalogStore } from './catalog-store.ts';

export interface CatalogLibraryDeps {
  store: CatalogStore;
  plans: Pick<PlanStore, 'listOffered'>;
  problems: () => readonly CatalogProblem[];
  /** Origins without a trailing slash. */
  site: { publicUrl: string; gatewayPublicUrl: string };
}

/** What pages may read of the catalog. */
export interface CatalogLibrary {
  apis(): Promise<readonly Api[]>;
  api(slug: string): Promise<Api | null>;
  operations(slug: string, version: string): Promise<readonly Operation[]>;
  version(slug: string, version: string): Promise<ApiVersion | null>;
  document(slug: string, version: string): Promise<string | null>;
  problems(): readonly CatalogProblem[];
}

export function createCatalogLibrary({ store, plans, problems, site }: CatalogLibraryDeps): CatalogLibrary {
  const apis = async (): Promise<readonly Api[]> =>
    Promise.all((await store.apis()).map(async (api) => ({ ...api, plans: await plans.listOffered(api.slug) })));
  return {
    apis,
    api: async (slug) => (await apis()).find((api) => api.slug === slug) ?? null,
    operations: async (slug, version) => ((await store.version(slug, version)) ? store.operations(slug, version) : []),
    version: (slug, version) => store.version(slug, version),
    async document(slug, version) {
      const document = await store.document(slug, version);
      return document && withServer(document, serverUrl(site, slug, version));
    },
    problems,
  };
}

/** Where consumers send the calls of a version. */
export function serverUrl(site: CatalogLibraryDeps['site'], slug: string, version: string): string {
  return slug === MANAGEMENT_API_SLUG
    ? `${site.publicUrl}/api/${version}`
    : `${site.gatewayPublicUrl}/${slug}/${version}`;
}

/** Adds the member as text: parsing a document of 13 MB for it would take a tenth of a second. */
function withServer(document: string, url: string): string {
  return `{"servers":${JSON.stringify([{ url }])},${document.slice(1)}`;
}
