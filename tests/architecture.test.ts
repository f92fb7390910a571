import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { findViolations } from './support/architecture.ts';
import { findLayoutViolations } from './support/layout.ts';
import { parseSource, repositoryPaths } from './support/sources.ts';

const root = join(import.meta.dirname, '..');
const isText = (path: string): boolean => !/\.(woff2|png|ico|webp|avif)$/.test(path);
const sources = repositoryPaths(root)
  .filter(isText)
  .map((path) => parseSource(path, readFileSync(join(root, path), 'utf8')));

describe('this repository', () => {
  test('keeps the import rules', () => {
    expect(sources.length).toBeGreaterThan(50);
    expect(findViolations(sources)).toEqual([]);
  });

  test('keeps the layout', () => {
    expect(findLayoutViolations(sources)).toEqual([]);
  });
});

type Files = Record<string, string>;

/** Small repositories in memory, each with one breach, and what the checker must say about it. */
const breaches: [name: string, message: string, files: Files][] = [
  [
    'a blank that a line break loses',
    'a blank is lost',
    { 'src/ui/Hint.astro': '---\n---\n\n<p>\n  Read\n  <a href="/guides">the guide</a> first.\n</p>\n' },
  ],
  [
    'platform importing a feature',
    'platform must not import',
    { 'src/platform/log.ts': `import { rule } from '../keys/api-key.ts';` },
  ],
  [
    'a feature importing one above it',
    'accounts must not import',
    { 'src/accounts/account.ts': `import type { Key } from '../keys/api-key.ts';` },
  ],
  [
    'a type from a folder that is not listed',
    'usage must not import',
    { 'src/usage/usage.ts': `import type { N } from '../notices/notice.ts';` },
  ],
  [
    'an import inside a type',
    'usage must not import',
    { 'src/usage/usage.ts': `type N = import('../notices/notice.ts').N;` },
  ],
  [
    'an export from a folder that is not listed',
    'plans must not import',
    { 'src/plans/plan.ts': `export { rule } from '../keys/api-key.ts';` },
  ],
  ['a folder outside the layout', 'not part of the layout', { 'src/billing/invoice.ts': '' }],
  [
    'a page importing a store',
    'pages must not import',
    { 'src/pages/a.astro': `---\nimport { s } from '../keys/key-store.ts';\n---\n<p>` },
  ],
  [
    'the script of a page importing a store',
    'pages must not import',
    { 'src/pages/a.astro': `<script>import '../keys/key-store.ts';</script>` },
  ],
  [
    'a page loading more than the type of the portal',
    'pages must not import',
    { 'src/pages/a.ts': `import { portal } from '../portal/portal.ts';` },
  ],
  [
    'a page that reaches the file system',
    'must not reach node:fs/promises (through src/guides/guide-folder.ts)',
    {
      'src/pages/guide.ts': `import { guide } from '../guides/guide-folder.ts';`,
      'src/guides/guide-folder.ts': `import { readFile } from 'node:fs/promises';`,
    },
  ],
  [
    'a form that reaches a database library through a type-only element',
    'must not reach kysely',
    {
      'src/keys/issue-key.form.ts': `import { type Key } from './keys.ts';`,
      'src/keys/keys.ts': `import { Kysely } from 'kysely';`,
    },
  ],
  [
    'a rule that reads a file',
    'must not reach node:fs',
    { 'src/keys/api-key.ts': `import { readFileSync } from 'node:fs';` },
  ],
  [
    'the verifier reaching web code',
    'must not reach marked',
    {
      'src/verify/listener.ts': `import { render } from '../platform/markdown.ts';`,
      'src/platform/markdown.ts': `import { Marked } from 'marked';`,
    },
  ],
  [
    'the verifier reaching accounts through keys',
    'must not reach src/accounts/account.ts',
    {
      'src/verify/listener.ts': `import { store } from '../keys/key-store.ts';`,
      'src/keys/key-store.ts': `import { team } from '../accounts/account.ts';`,
    },
  ],
  ['a driver outside database/database.ts', 'a database driver', { 'src/keys/key-store.ts': `import pg from 'pg';` }],
  ['a driver loaded late', 'a database driver', { 'src/keys/key-store.ts': `await import('better-sqlite3');` }],
  [
    'an import with a computed name',
    'name its module literally',
    { 'src/keys/key-store.ts': `await import('better-' + 'sqlite3');` },
  ],
  ['lucia outside sessions/sessions.ts', 'lucia', { 'src/accounts/sign-in.ts': `import type { Lucia } from 'lucia';` }],
  [
    'Astro outside pages and ui',
    'Astro',
    { 'src/keys/issue-key.ts': `import { defineMiddleware } from 'astro:middleware';` },
  ],
  ['a component outside pages and ui', 'Astro', { 'src/notices/mail.ts': `import Mail from '../ui/Mail.astro';` }],
  [
    'code that needs the tests',
    'what only tests have',
    { 'src/keys/issue-key.ts': `import { fake } from '../../tests/support/fake.ts';` },
  ],
  [
    'randomness outside platform/random.ts',
    'draws randomness',
    { 'src/keys/issue-key.ts': `import { randomUUID } from 'node:crypto';` },
  ],
  ['Math.random in a template', 'draws randomness', { 'src/ui/Dice.astro': `<p>{Math.random()}</p>` }],
  ['the clock read with Date.now', 'reads the clock', { 'src/keys/issue-key.ts': `const now = Date.now();` }],
  ['the clock read with new Date()', 'reads the clock', { 'src/keys/issue-key.ts': `const now = new Date();` }],
  ['the clock read with Date()', 'reads the clock', { 'src/keys/issue-key.ts': `const now = Date();` }],
  ['the clock read in a template', 'reads the clock', { 'src/ui/Footer.astro': `<p>{new Date().getFullYear()}</p>` }],
  [
    'the clientAddress of Astro',
    'our own resolver',
    { 'src/pages/a.ts': `export const GET = ({ clientAddress }) => clientAddress;` },
  ],
  [
    'the clientAddress of Astro by its string',
    'our own resolver',
    { 'src/pages/a.ts': `const address = context['clientAddress'];` },
  ],
  ['set:html outside ui/SafeHtml.astro', 'writes HTML', { 'src/ui/Notice.astro': `<div set:html={text} />` }],
  ['innerHTML in a script', 'writes HTML', { 'src/ui/Copy.astro': `<script>element.innerHTML = text;</script>` }],
  [
    'a cycle',
    'src/keys/a.ts -> src/keys/b.ts -> src/keys/c.ts -> src/keys/a.ts: a cycle',
    {
      'src/keys/a.ts': `import './b.ts';`,
      'src/keys/b.ts': `import './c.ts';`,
      'src/keys/c.ts': `import type { A } from './a.ts';`,
    },
  ],
  ['a drawer', 'does not say what is inside', { 'src/keys/utils.ts': '' }],
  ['a folder of drawers', 'does not say what is inside', { 'tests/helpers/text.ts': '' }],
  ['a barrel', 'does not say what is inside', { 'src/keys/index.ts': '' }],
  ['an unknown file on top', 'the top level has no place', { 'notes.md': '' }],
  ['an unknown folder on top', 'the top level has no place', { 'scripts/build.mjs': '' }],
  ['a file of more than 250 lines', '251 lines', { 'src/keys/issue-key.ts': '\n'.repeat(251) }],
  [
    'the path of a machine',
    'a path of one machine',
    { 'README.md': `see ${['', 'home', 'ada', 'gatehouse'].join('/')}` },
  ],
];

/** As many rules, kept. */
const kept: Files = {
  'src/database/database.ts': `import pg from 'pg'; import Sqlite from 'better-sqlite3';`,
  'src/platform/clock.ts': `export const clock = { nowMs: () => Date.now() };`,
  'src/platform/random.ts': `import { randomBytes } from 'node:crypto';`,
  'src/keys/issue-key.ts': `// Date.now() and randomUUID in a comment\nimport type { Team } from '../applications/application.ts';\nnew Date(0);`,
  'src/keys/issue-key.form.ts': `import { z } from 'zod'; import type { Store } from './key-store.ts';`,
  'src/pages/index.astro': `---\nimport Page from '../ui/Page.astro';\nimport type { Portal } from '../portal/portal.ts';\n---\n<Page />`,
  'src/ui/SafeHtml.astro': `<div set:html={html} />`,
};

const check = (files: Files): string[] => {
  const parsed = Object.entries(files).map(([path, text]) => parseSource(path, text));
  return [...findViolations(parsed), ...findLayoutViolations(parsed)];
};

describe('the checker', () => {
  test.each(breaches)('finds %s', (_name, message, files) => {
    expect(check(files).join('\n')).toContain(message);
  });

  test('has nothing against code that keeps the rules', () => {
    expect(check(kept)).toEqual([]);
  });
});
