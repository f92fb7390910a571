import { expect, test } from 'vitest';

import { settingsTable } from '../../src/guides/settings-guide.ts';
import { renderMarkdown } from '../../src/platform/markdown.ts';
import { type Setting, settings } from '../../src/settings/settings.ts';

const all = Object.entries<Setting>(settings);

test.each(all)('%s has a meaning in whole sentences', (_name, { meaning }) => {
  expect(meaning).toMatch(/^\p{Lu}.{10,}[.]$/u);
});

test.each(all)(
  '%s is in the guide with its default and its meaning, letter by letter',
  (name, { defaultText, meaning }) => {
    const row = renderMarkdown(settingsTable())
      .html.split('</tr>')
      .find((text) => text.includes(`<td><code>${name}</code>`));
    const cells = [...(row ?? '').matchAll(/<td>(.*)<\/td>/g)].map(([, cell = '']) => cell);
    expect(cells).toHaveLength(3);
    expect(cells[1]).toContain(defaultText ?? '');
    expect(cells[2]?.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"')).toBe(meaning);
  },
);

test('a secret is shown with both of its names and never with a default', () => {
  for (const [name, { secret }] of all.filter(([, setting]) => setting.secret)) {
    const given = secret === 'optional' ? 'none' : 'random in demo mode; required in production';
    expect(settingsTable()).toContain(`| \`${name}\` or \`${name}_FILE\` | ${given} |`);
  }
});
