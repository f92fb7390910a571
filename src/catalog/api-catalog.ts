import type { Api } from './api.ts';
import { serverUrl } from './catalog-library.ts';

export const API_CATALOG_PATH = '/.well-known/api-catalog';
/** RFC 9727, section 4. */
export const API_CATALOG_MEDIA_TYPE = 'application/linkset+json; profile="https://www.rfc-editor.org/info/rfc9727"';

/** The APIs of this site as a link set (RFC 9727): where each version is, its document and its documentation. */
export function apiCatalog(apis: readonly Api[], site: { publicUrl: string; gatewayPublicUrl: string }) {
  const versions = apis.flatMap(({ slug, versions }) => versions.map(({ version }) => ({ slug, version })));
  const linkset = versions.map(({ slug, version }) => ({
    anchor: serverUrl(site, slug, version),
    'service-desc': [
      {
        href: `${site.publicUrl}/api/v1/apis/${slug}/versions/${version}/openapi.json`,
        type: 'application/json',
      },
    ],
    'service-doc': [{ href: `${site.publicUrl}/docs/${slug}/${version}`, type: 'text/html' }],
  }));
  const item = linkset.map(({ anchor }) => ({ href: anchor }));
  return { linkset: [{ anchor: site.publicUrl + API_CATALOG_PATH, item }, ...linkset] };
}
