import type { APIRoute } from 'astro';

import type { FeedFormat } from '../../notices/notice.ts';
import { documentAnswer } from './document-answer.ts';
import { readNoticeFilter } from './notice-filter.ts';

/** A feed of the notices that the filter in the address keeps. */
export function feedRoute(format: FeedFormat): APIRoute {
  return async ({ locals: { portal }, request, url }) => {
    const apis = await portal.catalog.apis();
    const slugs = apis.map(({ slug }) => slug);
    return documentAnswer(request, await portal.notices.feed(format, readNoticeFilter(url.searchParams, slugs)));
  };
}
