import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { noticeFeed } from '../../src/notices/notice-feed.ts';
import { type NoticeLibrary, createNoticeLibrary } from '../../src/notices/notice-library.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

let contentDir: string;
let nowMs: number;
let library: NoticeLibrary;

const publish = (name: string, text: string): void => writeFileSync(join(contentDir, 'notices', name), text);
const slugs = (): string[] => library.list().map(({ slug }) => slug);
const advisory = (published: string, title = 'A leak', api = 'parcels', severity = 'high'): string =>
  `---\nkind: advisory\ntitle: ${title}\nsummary: What to do.\npublished: ${published}\nseverity: ${severity}\naffects: [{ api: ${api} }]\n---\nText.\n`;
const deprecation = (published: string): string =>
  `---\nkind: deprecation\ntitle: Old\nsummary: Move.\npublished: ${published}\ndeprecated: ${published}\nsunset: 2030-01-01\naffects: [{ api: rates }]\n---\n`;

beforeEach(() => {
  contentDir = mkdtempSync(join(tmpdir(), 'gatehouse-notices-'));
  mkdirSync(join(contentDir, 'notices'));
  nowMs = Date.UTC(2026, 10, 24, 12);
  publish('2026-11-20-leak.md', advisory('2026-11-20'));
  publish('2026-11-22-old.md', deprecation('2026-11-22'));
  publish('2026-11-21-minor.md', advisory('2026-11-21', 'Minor', 'parcels', 'low'));
  library = createNoticeLibrary({ contentDir, clock: { nowMs: () => nowMs } });
});

afterEach(() => rmSync(contentDir, { recursive: true, force: true }));

test('notices are listed newest first', () => {
  expect(slugs()).toEqual(['2026-11-22-old', '2026-11-21-minor', '2026-11-20-leak']);
});

test('a filter keeps what has the kind, the severity and the API', () => {
  const titles = (filter: Parameters<NoticeLibrary['list']>[0]) => library.list(filter).map(({ title }) => title);
  expect(titles({ kind: 'advisory' })).toEqual(['Minor', 'A leak']);
  expect(titles({ severity: 'high' })).toEqual(['A leak']);
  expect(titles({ kind: 'deprecation', severity: 'high' })).toEqual([]);
  expect(titles({ api: 'rates' })).toEqual(['Old']);
  expect(titles({ api: 'other' })).toEqual([]);
});

test('a notice is found by its slug, and an unknown one is not', () => {
  expect(library.find('2026-11-20-leak')?.title).toBe('A leak');
  expect(library.find('../notices/2026-11-20-leak')).toBeNull();
});

test('a future notice is nowhere before its time and everywhere from then on', () => {
  publish('2026-11-26-next.md', advisory('2026-11-26T08:00:00Z', 'Next'));
  nowMs = Date.UTC(2026, 10, 26, 8) - 1;
  expect(slugs()).not.toContain('2026-11-26-next');
  expect(library.find('2026-11-26-next')).toBeNull();
  expect(noticeFeed('atom', library.list(), {}, 'https://portal.example').body).not.toContain('Next');
  nowMs += 1;
  expect(slugs()[0]).toBe('2026-11-26-next');
  expect(library.find('2026-11-26-next')).not.toBeNull();
  expect(noticeFeed('atom', library.list(), {}, 'https://portal.example').body).toContain('Next');
});

test('a file that is added, changed or removed shows after a second, without a restart', () => {
  publish('2026-11-23-new.md', advisory('2026-11-23', 'New'));
  nowMs += 999;
  expect(slugs()).toHaveLength(3);
  nowMs += 1;
  expect(slugs()[0]).toBe('2026-11-23-new');
  publish('2026-11-23-new.md', advisory('2026-11-23', 'Corrected'));
  nowMs += 1000;
  expect(library.find('2026-11-23-new')?.title).toBe('Corrected');
  rmSync(join(contentDir, 'notices', '2026-11-23-new.md'));
  nowMs += 1000;
  expect(slugs()).toHaveLength(3);
});

test('a broken file is told and the rest loads', () => {
  publish('2026-11-23-broken.md', advisory('2026-11-23').replace('severity: high', 'severity: urgent'));
  writeFileSync(join(contentDir, 'notices', '2026-11-23-bytes.md'), Uint8Array.of(0x2d, 0xff, 0xfe));
  nowMs += 1000;
  expect(slugs()).toHaveLength(3);
  expect(library.problems()).toEqual(
    [
      { file: 'notices/2026-11-23-broken.md', line: 6, reason: 'severity must be critical, high, medium or low' },
      { file: 'notices/2026-11-23-bytes.md', line: null, reason: 'is not UTF-8 text' },
    ].toSorted((a, b) => a.file.localeCompare(b.file)),
  );
});

test('without a folder there are no notices and no problems', () => {
  rmSync(contentDir, { recursive: true });
  nowMs += DAY_MS;
  expect(library.list()).toEqual([]);
  expect(library.problems()).toEqual([]);
  expect(noticeFeed('atom', library.list(), {}, 'https://portal.example').body).toContain(
    '<updated>1970-01-01T00:00:00.000Z</updated>',
  );
});

describe('files that are not notices', () => {
  test("are left alone: other types, drafts in sub-folders, an editor's own", () => {
    mkdirSync(join(contentDir, 'notices', 'drafts'));
    publish('drafts/2026-11-20-draft.md', 'not yet');
    publish('.2026-11-20-leak.md.swp', 'x');
    publish('README.txt', 'x');
    nowMs += 1000;
    expect(slugs()).toHaveLength(3);
    expect(library.problems()).toEqual([]);
  });
});
