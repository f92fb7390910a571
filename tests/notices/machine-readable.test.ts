import { describe, expect, test } from 'vitest';

import { apiCatalog } from '../../src/catalog/api-catalog.ts';
import type { Api } from '../../src/catalog/api.ts';
import { deprecationList } from '../../src/notices/deprecation-list.ts';
import type { FeedFormat, Notice } from '../../src/notices/notice.ts';
import { noticeFeed } from '../../src/notices/notice-feed.ts';
import { parseNoticeFile } from '../../src/notices/notice-file.ts';
import { securityTxt } from '../../src/notices/security-txt.ts';
import { sunsetCalendar } from '../../src/notices/sunset-calendar.ts';
import { documentAnswer } from '../../src/ui/notices/document-answer.ts';
import { NOW_MS, PUBLIC_URL, advisory, deprecation } from './newsroom.ts';

function noticeOf(slug: string, frontMatter: string): Notice {
  const parsed = parseNoticeFile(`${slug}.md`, `---\n${frontMatter}\n---\n[Guide](/guides/keys)\n`);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.notice;
}

const leak = noticeOf('2026-11-22-leak', advisory('2026-11-22').replace('A leak', '"Leak <b> & more"'));
const end = noticeOf('2026-11-23-end', deprecation('2026-11-23').replace('Version 1 ends', '"Version 1; ends, soon"'));
const notices = [end, leak];

describe('JSON Feed', () => {
  test('has what version 1 asks for, with titles as plain text and absolute links', () => {
    const { body, mediaType } = noticeFeed('json', notices, { api: 'parcels' }, PUBLIC_URL);
    expect(mediaType).toBe('application/feed+json; charset=utf-8');
    const feed = JSON.parse(body) as Record<string, unknown> & { items: Record<string, unknown>[] };
    expect(feed).toMatchObject({
      version: 'https://jsonfeed.org/version/1',
      title: 'Notices about parcels',
      home_page_url: 'https://portal.example/notices?api=parcels',
      feed_url: 'https://portal.example/notices/feed.json?api=parcels',
    });
    expect(feed.items[1]).toMatchObject({
      id: 'https://portal.example/notices/2026-11-22-leak',
      url: 'https://portal.example/notices/2026-11-22-leak',
      title: 'Leak <b> & more',
      summary: 'Make new links.',
      date_published: '2026-11-22T00:00:00.000Z',
      tags: ['advisory', 'high', 'parcels'],
    });
    expect(feed.items[1]?.content_html).toContain('href="https://portal.example/guides/keys"');
  });
});

describe('RSS', () => {
  test('has what version 2.0 asks for, and titles that are no markup', () => {
    const { body } = noticeFeed('rss', notices, { severity: 'high' }, PUBLIC_URL);
    expect(body).toContain('<rss version="2.0"');
    expect(body).toContain('<title>Advisories of severity high</title>');
    expect(body).toContain('<link>https://portal.example/notices?severity=high</link>');
    expect(body).toContain(
      '<atom:link href="https://portal.example/notices/feed.rss?severity=high" rel="self" type="application/rss+xml"/>',
    );
    expect(body.match(/<item>/g)).toHaveLength(2);
    expect(body).toContain('<title><![CDATA[Leak &lt;b&gt; &amp; more]]></title>');
    expect(body).toContain('<pubDate>Sun, 22 Nov 2026 00:00:00 GMT</pubDate>');
  });
});

test.each<FeedFormat>(['atom', 'rss', 'json'])('%s is the same bytes as long as nothing changes', (format) => {
  const written = () => noticeFeed(format, notices, {}, PUBLIC_URL);
  expect(written()).toEqual(written());
  expect(written().changedAtMs).toBe(Date.UTC(2026, 10, 23));
  expect(noticeFeed(format, [], {}, PUBLIC_URL).changedAtMs).toBeNull();
});

test('the calendar has a day for each deprecation and each sunset, and the same bytes each time', () => {
  const { body, changedAtMs } = sunsetCalendar(notices, PUBLIC_URL);
  expect(changedAtMs).toBe(Date.UTC(2026, 10, 23));
  const lines = body.replaceAll('\r\n ', '').split('\r\n');
  expect(lines.filter((line) => line === 'BEGIN:VEVENT')).toHaveLength(2);
  expect(lines).toContain('UID:2026-11-23-end-sunset@portal.example');
  expect(lines).toContain('DTSTART;VALUE=DATE:20261206');
  expect(lines).toContain('DTSTART;VALUE=DATE:20261123');
  expect(lines).toContain('SUMMARY:Sunset: Version 1\\; ends\\, soon');
  expect(body.split('\r\n').every((line) => Buffer.byteLength(line) <= 75)).toBe(true);
  expect(sunsetCalendar(notices, PUBLIC_URL).body).toBe(body);
});

test('deprecations are listed with dates and absolute links', () => {
  const replaced = noticeOf('2026-11-23-end', `${deprecation('2026-11-23')}\nreplacement: /docs/parcels/v2`);
  expect(deprecationList([replaced, leak], PUBLIC_URL)).toEqual({
    deprecations: [
      {
        slug: '2026-11-23-end',
        title: 'Version 1 ends',
        url: 'https://portal.example/notices/2026-11-23-end',
        deprecatedAt: '2026-11-23T00:00:00.000Z',
        sunsetAt: '2026-12-06T12:00:00.000Z',
        affects: [{ api: 'parcels', versions: ['v1'], operations: [] }],
        replacement: 'https://portal.example/docs/parcels/v2',
        guide: null,
      },
    ],
  });
});

test('security.txt has a contact and exactly one end, less than a year away', () => {
  const lines = securityTxt('mailto:security@portal.example', PUBLIC_URL, NOW_MS).split('\n');
  expect(lines[0]).toBe('Contact: mailto:security@portal.example');
  const [expires, ...more] = lines.filter((line) => line.startsWith('Expires: '));
  expect(more).toEqual([]);
  expect(expires).toMatch(/^Expires: \d{4}-\d{2}-\d{2}T00:00:00Z$/);
  const days = (Date.parse(expires?.slice(9) ?? '') - NOW_MS) / 86_400_000;
  expect(days).toBeGreaterThan(90);
  expect(days).toBeLessThan(365);
  expect(lines).toContain('CSAF: https://portal.example/.well-known/csaf/provider-metadata.json');
});

test('the API catalogue names each version where it is called, with its document and its documentation', () => {
  const versions = [{ version: 'v2' }];
  const apis = [
    { slug: 'parcels', versions },
    { slug: 'gatehouse', versions: [{ version: 'v1' }] },
  ] as unknown as Api[];
  const { linkset } = apiCatalog(apis, { publicUrl: PUBLIC_URL, gatewayPublicUrl: 'https://api.example' });
  expect(linkset[0]).toEqual({
    anchor: 'https://portal.example/.well-known/api-catalog',
    item: [{ href: 'https://api.example/parcels/v2' }, { href: 'https://portal.example/api/v1' }],
  });
  expect(linkset[1]).toEqual({
    anchor: 'https://api.example/parcels/v2',
    'service-desc': [
      { href: 'https://portal.example/api/v1/apis/parcels/versions/v2/openapi.json', type: 'application/json' },
    ],
    'service-doc': [{ href: 'https://portal.example/docs/parcels/v2', type: 'text/html' }],
  });
});

describe('who has a document is told so', () => {
  const changedAtMs = Date.UTC(2026, 10, 23, 1, 2, 3, 456);
  const document = { body: 'text', mediaType: 'text/plain; charset=utf-8', changedAtMs };
  const statusFor = (headers: Record<string, string>, of = document) =>
    documentAnswer(new Request(PUBLIC_URL, { headers }), of).status;
  const etag = documentAnswer(new Request(PUBLIC_URL), document).headers.get('etag') ?? '';
  const modified = 'Mon, 23 Nov 2026 01:02:03 GMT';

  test.each<[string, Record<string, string>, number]>([
    ['nothing', {}, 200],
    ['its tag', { 'If-None-Match': etag }, 304],
    ['its tag, made weak by a proxy', { 'If-None-Match': `W/${etag}` }, 304],
    ['its tag among others', { 'If-None-Match': `"x", ${etag}` }, 304],
    ['any tag', { 'If-None-Match': '*' }, 304],
    ['another tag', { 'If-None-Match': '"x"' }, 200],
    ['another tag and a fitting date', { 'If-None-Match': '"x"', 'If-Modified-Since': modified }, 200],
    ['the date of the change', { 'If-Modified-Since': modified }, 304],
    ['an earlier date', { 'If-Modified-Since': 'Mon, 23 Nov 2026 01:02:02 GMT' }, 200],
    ['no date', { 'If-Modified-Since': 'yesterday' }, 200],
  ])('with %s', (_what, headers, status) => {
    expect(statusFor(headers)).toBe(status);
  });

  test('a changed body has another tag', () => {
    expect(statusFor({ 'If-None-Match': etag }, { ...document, body: 'other' })).toBe(200);
  });
});
