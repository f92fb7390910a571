import { Feed } from 'feed';

import { withAbsoluteLinks } from '../platform/markdown.ts';
import type { Notice, NoticeFilter } from './notice.ts';

/** Entries in a feed; readers keep what they have seen. */
const NEWEST = 50;

/** Everything XML 1.0 cannot carry, such as a control character that came in as an entity. */
const NOT_XML = /[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

/** Atom (RFC 4287) of the newest notices. Every address is absolute and made from PUBLIC_URL. */
export function atomFeed(notices: readonly Notice[], filter: NoticeFilter, publicUrl: string): string {
  const newest = notices.slice(0, NEWEST);
  const listUrl = urlWith('/notices', filter, publicUrl);
  const feed = new Feed({
    id: listUrl,
    title: filter.api === undefined ? 'Notices' : `Notices about ${filter.api}`,
    link: listUrl,
    feed: urlWith('/notices/feed.atom', filter, publicUrl),
    author: { name: 'Gatehouse' },
    generator: 'Gatehouse',
    updated: new Date(Math.max(0, ...newest.map(changedAtMs))),
  });
  for (const notice of newest) addEntry(feed, notice, publicUrl);
  return feed.atom1().replace(NOT_XML, '');
}

function addEntry(feed: Feed, notice: Notice, publicUrl: string): void {
  const url = new URL(`/notices/${notice.slug}`, publicUrl).href;
  feed.addItem({
    id: url,
    link: url,
    title: escapeHtml(notice.title),
    description: escapeHtml(notice.summary),
    content: withAbsoluteLinks(notice.html, url),
    date: new Date(changedAtMs(notice)),
    published: new Date(notice.publishedAtMs),
    category: categories(notice).map((term) => ({ term, name: term })),
  });
}

function categories(notice: Notice): string[] {
  return [
    notice.kind,
    ...(notice.kind === 'advisory' ? [notice.severity] : []),
    ...notice.affects.map(({ api }) => api),
  ];
}

function changedAtMs(notice: Notice): number {
  return notice.updatedAtMs ?? notice.publishedAtMs;
}

function urlWith(path: string, filter: NoticeFilter, publicUrl: string): string {
  const url = new URL(path, publicUrl);
  for (const name of ['kind', 'severity', 'api'] as const) {
    const value = filter[name];
    if (value !== undefined) url.searchParams.set(name, value);
  }
  return url.href;
}

/** Titles and summaries are text; the feed library declares them to be HTML. */
function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
