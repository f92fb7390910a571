import { Feed } from 'feed';

import { type SafeHtml, withAbsoluteLinks } from '../platform/markdown.ts';
import {
  type Announcement,
  type FeedFormat,
  type Notice,
  type NoticeFilter,
  changedAtMsOf,
  latestOf,
} from './notice.ts';

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
 * @param announcements likewise
 */
export function noticeFeed(
  format: FeedFormat,
  notices: readonly Notice[],
  filter: NoticeFilter,
  publicUrl: string,
  announcements: readonly Announcement[] = [],
): FeedDocument {
  const newest = [...notices.map((notice) => entryOf(notice, publicUrl)), ...announcements.map(announced)]
    .sort((a, b) => b.publishedAtMs - a.publishedAtMs)
    .slice(0, NEWEST);
  const changedAtMs = newest.length === 0 ? null : Math.max(...newest.map((entry) => entry.changedAtMs));
  const listUrl = urlWith('/notices', filter, publicUrl);
  const feedUrl = urlWith(`/notices/feed.${format}`, filter, publicUrl);
  const feed = new Feed({
    id: listUrl,
    title: titleOf(filter),
    description: 'Security advisories, deprecations, changes, incidents and security policies.',
    link: listUrl,
    feedLinks: { [format]: feedUrl },
    author: { name: 'Gatehouse' },
    generator: 'Gatehouse',
    updated: new Date(changedAtMs ?? 0),
  });
  for (const entry of newest) addEntry(feed, entry, publicUrl, format === 'json' ? (text) => text : escapeHtml);
  return { body: write(feed, format), mediaType: MEDIA_TYPES[format], changedAtMs };
}

interface Entry {
  path: string;
  title: string;
  summary: string;
  /** null: there is no more than the summary. */
  html: SafeHtml | null;
  publishedAtMs: number;
  changedAtMs: number;
  categories: readonly string[];
}

function entryOf(notice: Notice, publicUrl: string): Entry {
  const { title, publishedAtMs } = notice;
  const path = `/notices/${notice.slug}`;
  return {
    ...{ path, title, summary: summaryOf(notice), publishedAtMs, changedAtMs: changedAtMsOf(notice) },
    html: withAbsoluteLinks(notice.html, new URL(path, publicUrl).href),
    categories: categories(notice),
  };
}

function announced({ kind, api, ...rest }: Announcement): Entry {
  return { ...rest, html: null, categories: api === null ? [kind] : [kind, api] };
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
function addEntry(feed: Feed, entry: Entry, publicUrl: string, written: (text: string) => string): void {
  const url = new URL(entry.path, publicUrl).href;
  feed.addItem({
    id: url,
    link: url,
    title: written(entry.title),
    description: written(entry.summary),
    content: entry.html ?? written(entry.summary),
    date: new Date(entry.changedAtMs),
    published: new Date(entry.publishedAtMs),
    category: entry.categories.map((term) => ({ term, name: term })),
  });
}

/** Of an incident what it has come to. */
function summaryOf(notice: Notice): string {
  const latest = notice.kind === 'incident' ? latestOf(notice) : null;
  return latest ? `${notice.summary} Now ${latest.status}: ${latest.text}` : notice.summary;
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
