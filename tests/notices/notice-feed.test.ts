import { DOMParser } from 'linkedom';
import { expect, test } from 'vitest';

import { noticeFeed } from '../../src/notices/notice-feed.ts';
import type { Advisory, Notice, NoticeFilter } from '../../src/notices/notice.ts';
import { parseNoticeFile } from '../../src/notices/notice-file.ts';

const PUBLIC_URL = 'https://portal.example';

const atomFeed = (notices: readonly Notice[], filter: NoticeFilter, publicUrl: string): string =>
  noticeFeed('atom', notices, filter, publicUrl).body;

function advisory(day: string, fields = '', body = 'Text.', title = 'A leak'): Notice {
  const parsed = parseNoticeFile(
    `${day}-leak.md`,
    `---\nkind: advisory\ntitle: ${JSON.stringify(title)}\nsummary: "R&D: do <this>"\npublished: ${day}\nseverity: high\naffects: [{ api: parcels }]\n${fields}---\n${body}`,
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.notice;
}

function parse(xml: string) {
  const document = new DOMParser().parseFromString(xml, 'text/xml') as unknown as Document;
  const children = (parent: Element, name: string): Element[] =>
    [...parent.children].filter((child) => child.tagName === name);
  const text = (parent: Element, name: string): string | null => children(parent, name)[0]?.textContent ?? null;
  return { feed: document.documentElement as Element, children, text };
}

test('the feed and its entries have what RFC 4287 asks for, with absolute links', () => {
  const xml = atomFeed([advisory('2026-11-21', 'updated: 2026-11-23\n'), advisory('2026-11-20')], {}, PUBLIC_URL);
  const { feed, children, text } = parse(xml);
  expect(feed.getAttribute('xmlns')).toBe('http://www.w3.org/2005/Atom');
  expect(text(feed, 'id')).toBe('https://portal.example/notices');
  expect(text(feed, 'title')).toBe('Notices');
  expect(text(feed, 'updated')).toBe('2026-11-23T00:00:00.000Z');
  expect(children(feed, 'author')).toHaveLength(1);
  expect(children(feed, 'link').map((link) => [link.getAttribute('rel'), link.getAttribute('href')])).toEqual([
    ['alternate', 'https://portal.example/notices'],
    ['self', 'https://portal.example/notices/feed.atom'],
  ]);
  const entries = children(feed, 'entry');
  expect(entries.map((entry) => text(entry, 'id'))).toEqual([
    'https://portal.example/notices/2026-11-21-leak',
    'https://portal.example/notices/2026-11-20-leak',
  ]);
  const [first] = entries as [Element];
  expect(text(first, 'updated')).toBe('2026-11-23T00:00:00.000Z');
  expect(text(first, 'published')).toBe('2026-11-21T00:00:00.000Z');
  expect(children(first, 'link')[0]?.getAttribute('href')).toBe('https://portal.example/notices/2026-11-21-leak');
  expect(children(first, 'category').map((category) => category.getAttribute('term'))).toEqual([
    'advisory',
    'high',
    'parcels',
  ]);
});

test('a filtered feed names itself, so that readers fetch the same one again', () => {
  const xml = atomFeed([], { kind: 'advisory', api: 'parcels' }, PUBLIC_URL);
  expect(xml).toContain('rel="self" href="https://portal.example/notices/feed.atom?kind=advisory&amp;api=parcels"');
  expect(xml).toContain('<title>Notices about parcels</title>');
});

test('titles and texts cannot break out of the feed', () => {
  const title = ']]></title><script>alert(1)</script> & ]]> ]]>';
  const { feed, children, text } = parse(
    atomFeed([advisory('2026-11-20', '', ']]> ]]> </content></entry> &#8; end', title)], {}, PUBLIC_URL),
  );
  const [entry, ...more] = children(feed, 'entry') as [Element];
  expect(more).toEqual([]);
  expect(text(entry, 'title')).toBe(']]&gt;&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt; &amp; ]]&gt; ]]&gt;');
  expect(text(entry, 'summary')).toBe('R&amp;D: do &lt;this&gt;');
  expect(text(entry, 'content')).toContain(']]&gt; ]]&gt; &lt;/content&gt;&lt;/entry&gt;');
});

test('characters that XML cannot carry are left out', () => {
  const xml = atomFeed([advisory('2026-11-20', '', 'a&#8;b\uFFFEc &#xFFFF;', 'bell\u0007')], {}, PUBLIC_URL);
  expect(xml).not.toMatch(/[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u);
  expect(xml).toContain('bell');
});

test('links in the text work outside the portal', () => {
  const xml = atomFeed([advisory('2026-11-20', '', '[Guide](/guides/keys) and [below](#steps)')], {}, PUBLIC_URL);
  expect(xml).toContain('href="https://portal.example/guides/keys"');
  expect(xml).toContain('href="https://portal.example/notices/2026-11-20-leak#steps"');
});

test('the feed ends after fifty notices', () => {
  const one = advisory('2026-11-20') as Advisory;
  const many = Array.from({ length: 60 }, (_, index) => ({ ...one, slug: `n-${index}` }));
  expect(atomFeed(many, {}, PUBLIC_URL).match(/<entry>/g)).toHaveLength(50);
});
