import type { APIRoute } from 'astro';

import { sitemap } from '../ui/reference/answers.ts';

/** The pages for all that are not of one version of an API. */
export const GET: APIRoute = async ({ locals: { portal } }) => {
  const apis = await portal.catalog.apis();
  const pages = [
    '/',
    '/docs',
    ...apis.map(({ slug }) => `/docs/${slug}`),
    '/guides',
    ...portal.guides.list().map(({ slug }) => `/guides/${slug}`),
    '/notices',
    ...portal.notices.list().map(({ slug }) => `/notices/${slug}`),
    '/policies',
    ...(await portal.policies.list()).map(({ slug }) => `/policies/${slug}`),
    '/errors',
  ];
  return sitemap(pages.map((page) => portal.site.publicUrl + page));
};
