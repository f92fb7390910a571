import type { APIRoute } from 'astro';

import { sitemapIndex } from '../ui/reference/answers.ts';

/** One sitemap for the site, and one for each version of each API: a large API fills its own. */
export const GET: APIRoute = async ({ locals: { portal } }) => {
  const apis = await portal.catalog.apis();
  const versions = apis.flatMap((api) => api.versions.map(({ version }) => `/docs/${api.slug}/${version}/sitemap.xml`));
  return sitemapIndex(['/sitemap-pages.xml', ...versions].map((path) => portal.site.publicUrl + path));
};
