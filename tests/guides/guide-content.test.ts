import { join } from 'node:path';

import { expect, test } from 'vitest';

import { createGuideLibrary } from '../../src/guides/guide-library.ts';
import { createNoticeLibrary } from '../../src/notices/notice-library.ts';
import { settings } from '../../src/settings/settings.ts';
import { refusals } from '../../src/verify/verdict.ts';
import { dangersIn } from '../support/html-dangers.ts';

const contentDir = join(import.meta.dirname, '../../content');
const clock = { nowMs: () => Date.UTC(2027, 0, 1) };
const guides = createGuideLibrary({ contentDir, clock });
const notices = createNoticeLibrary({ contentDir, clock });

const texts = [
  ...guides.list().map(({ slug, html }) => ({ path: `/guides/${slug}`, html })),
  ...notices.list().map(({ slug, html }) => ({ path: `/notices/${slug}`, html })),
];

test('the guides and notices that ship have no problems', () => {
  expect(guides.problems()).toEqual([]);
  expect(notices.problems()).toEqual([]);
  expect(guides.list().length).toBeGreaterThanOrEqual(8);
  expect(notices.list()).toHaveLength(4);
});

test.each(texts)('$path is sanitised HTML', ({ html }) => {
  expect(dangersIn(html)).toEqual([]);
});

test('every link between guides and notices leads to a page and a heading that exist', () => {
  const ids = new Map(texts.map(({ path, html }) => [path, [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id)]));
  const broken = texts.flatMap(({ path, html }) =>
    [...html.matchAll(/href="([^"]*)"/g)]
      .map(([, href = '']) => new URL(href, `https://portal.example${path}`))
      .filter(
        ({ origin, pathname }) => origin === 'https://portal.example' && /^\/(guides|notices)\/[^.]+$/.test(pathname),
      )
      .filter(({ pathname, hash }) => (hash === '' ? !ids.has(pathname) : !ids.get(pathname)?.includes(hash.slice(1))))
      .map((url) => `${path} -> ${url.pathname}${url.hash}`),
  );
  expect(broken).toEqual([]);
});

test('the guide about refusals explains every code with its status, and no other', () => {
  const rows = (guides.find('errors')?.html ?? '').matchAll(/<td><code>([a-z_]+)<\/code><\/td>\n<td>(\d{3})<\/td>/g);
  const explained = Object.fromEntries([...rows].map(([, code = '', status]) => [code, Number(status)]));
  expect(explained).toEqual(Object.fromEntries(Object.entries(refusals).map(([code, { status }]) => [code, status])));
});

test('the settings guide names every setting', () => {
  const html = guides.find('settings')?.html ?? '';
  const missing = Object.keys(settings).filter((name) => !html.includes(`<code>${name}</code>`));
  expect(missing).toEqual([]);
});
