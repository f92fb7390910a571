import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { type GuideLibrary, createGuideLibrary } from '../../src/guides/guide-library.ts';

let contentDir: string;
let nowMs: number;
let library: GuideLibrary;

const guide = (title: string, section: string, position: number, body = ''): string =>
  `---\ntitle: ${title}\nsummary: In short.\nsection: ${section}\nposition: ${position}\n---\n${body}`;
const write = (path: string, text: string): void => writeFileSync(join(contentDir, 'guides', path), text);
const reload = (): void => {
  nowMs += 1000;
};

beforeEach(() => {
  contentDir = mkdtempSync(join(tmpdir(), 'gatehouse-guides-'));
  mkdirSync(join(contentDir, 'guides/gateways'), { recursive: true });
  nowMs = 0;
  library = createGuideLibrary({ contentDir, clock: { nowMs: () => nowMs } });
});

afterEach(() => rmSync(contentDir, { recursive: true, force: true }));

test('guides are found by their path and listed section by section', () => {
  write('zebra.md', guide('Own', 'Our own', 1));
  write('keys.md', guide('Keys', 'Start', 2));
  write('first.md', guide('First', 'Start', 1));
  write('gateways/nginx.md', guide('nginx', 'Gateways', 1));
  reload();
  expect(library.list().map(({ slug }) => slug)).toEqual(['first', 'keys', 'gateways/nginx', 'zebra']);
  expect(library.find('gateways/nginx')).toMatchObject({ title: 'nginx', summary: 'In short.', section: 'Gateways' });
  expect(library.find('gateways/../keys')).toBeNull();
});

test('the table of contents holds the second-level headings', () => {
  write('keys.md', guide('Keys', 'Start', 1, '## One\n### Deeper\n## Two & `three`\n'));
  reload();
  expect(library.find('keys')?.headings).toEqual([
    { id: 'one', text: 'One' },
    { id: 'two--three', text: 'Two & three' },
  ]);
});

test('a fenced block shows the file it names, relative to the guide, and follows its changes', () => {
  write('gateways/nginx.conf', 'return 403; # <deny>\n');
  write('gateways/nginx.md', guide('nginx', 'Gateways', 1, '```nginx file=nginx.conf\n```\n'));
  reload();
  expect(library.find('gateways/nginx')?.html).toContain(
    '<code class="language-nginx">return 403; # &lt;deny&gt;\n</code>',
  );
  write('gateways/nginx.conf', 'return 401;\n');
  reload();
  expect(library.find('gateways/nginx')?.html).toContain('return 401;');
  expect(library.problems()).toEqual([]);
});

test.each(['missing.conf', '../../secret.txt', '/etc/hostname', '..', '.hidden'])(
  'a fenced block never shows %s, and the problem is told with its line',
  (name) => {
    writeFileSync(join(contentDir, 'secret.txt'), 'outside');
    write('.hidden', 'hidden');
    write('gateways/nginx.md', guide('nginx', 'Gateways', 1, `\n\`\`\`nginx file=${name}\n\`\`\`\n`));
    reload();
    expect(library.problems()).toEqual([
      { file: 'guides/gateways/nginx.md', line: 8, reason: `shows ${name}, which is not a file of content/guides` },
    ]);
    expect(library.find('gateways/nginx')?.html).not.toMatch(/outside|hidden/);
  },
);

test('a broken guide is told with line and reason, and the rest loads', () => {
  write('good.md', guide('Good', 'Start', 1));
  write('bad.md', guide('Bad', 'Start', 1).replace('position: 1', 'position: first'));
  write('Bad Name.md', guide('Bad', 'Start', 1));
  reload();
  expect(library.list().map(({ slug }) => slug)).toEqual(['good']);
  expect(library.problems()).toEqual([
    { file: 'guides/Bad Name.md', line: null, reason: 'must be named in lower case, with hyphens between words' },
    { file: 'guides/bad.md', line: 5, reason: 'position must be a whole number' },
  ]);
});
