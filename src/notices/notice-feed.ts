import { Feed } from 'feed';

import { withAbsoluteLinks } from '../platform/markdown.ts';
import { type FeedFormat, type Notice, type NoticeFilter, revisionOf } from './notice.ts';

/** A document for programs that fetch it again and again. */
export interface FeedDocument {
  body: string;
  mediaType: string;
  /** Newest change of what it holds; null when it holds nothing. */
  changedAtMs: number | null;
}

/** Entries in a feed; readers keep what they have seen. */
const NEWEST = 50;

/** Everything XML 1.0 cannot carry, such as a control character that came in as an entity. */
const NOT_XML = /[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

const MEDIA_TYPES: Readonly<Record<FeedFormat, string>> = {
  atom: 'application/atom+xml; charset=utf-8',
  rss: 'application/rss+xml; charset=utf-8',
  json: 'application/feed+json; charset=utf-8',
};

/**
 * The newest notices as Atom (RFC 4287), RSS 2.0 or JSON Feed 1. Every address is absolute and made from PUBLIC_URL.
 * @param notices newest first, those that the filter keeps
 */
export function noticeFeed(
  format: FeedFormat,
  notices: readonly Notice[],
  filter: NoticeFilter,
  publicUrl: string,
): FeedDocument {
  const newest = notices.slice(0, NEWEST);
  const changedAtMs = newest.length === 0 ? null : Math.max(...newest.map(revisionOf));
  const listUrl = urlWith('/notices', filter, publicUrl);
  const feedUrl = urlWith(`/notices/feed.${format}`, filter, publicUrl);
  const feed = new Feed({
    id: listUrl,
    title: titleOf(filter),
    description: 'Security advisories and deprecations.',
    link: listUrl,
    feedLinks: { [format]: feedUrl },
    author: { name: 'Gatehouse' },
    generator: 'Gatehouse',
    updated: new Date(changedAtMs ?? 0),
  });
  for (const notice of newest) addEntry(feed, notice, publicUrl, format === 'json' ? (text) => text : escapeHtml);
  return { body: write(feed, format), mediaType: MEDIA_TYPES[format], changedAtMs };
}

function titleOf({ api, severity }: NoticeFilter): string {
  const what = severity === undefined ? 'Notices' : `Advisories of severity ${severity}`;
  return api === undefined ? what : `${what} about ${api}`;
}

function write(feed: Feed, format: FeedFormat): string {
  if (format === 'json') return feed.json1();
  return (format === 'atom' ? feed.atom1() : feed.rss2()).replace(NOT_XML, '');
}

/** @param written titles and summaries are text; of XML formats the feed library declares them to be HTML */
function addEntry(feed: Feed, notice: Notice, publicUrl: string, written: (text: string) => string): void {
  const url = new URL(`/notices/${notice.slug}`, publicUrl).href;
  feed.addItem({
    id: url,
    link: url,
    title: written(notice.title),
    description: written(notice.summary),
    content: withAbsoluteLinks(notice.html, url),
    date: new Date(revisionOf(notice)),
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

function urlWith(path: string, filter: NoticeFilter, publicUrl: string): string {
  const url = new URL(path, publicUrl);
  for (const name of ['kind', 'severity', 'api'] as const) {
    const value = filter[name];
    if (value !== undefined) url.searchParams.set(name, value);
  }
  return url.href;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
