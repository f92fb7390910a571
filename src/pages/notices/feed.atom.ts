import type { APIRoute } from 'astro';

import { readNoticeFilter } from '../../ui/notices/notice-filter.ts';

export const GET: APIRoute = async ({ locals: { portal }, url }) => {
  const apis = await portal.catalog.apis();
  const filter = readNoticeFilter(
    url.searchParams,
    apis.map(({ slug }) => slug),
  );
  return new Response(portal.notices.atomFeed(filter), {
    headers: { 'Content-Type': 'application/atom+xml; charset=utf-8' },
  });
};
