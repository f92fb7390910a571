import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, describe, expect, test } from 'vitest';

import { createCodeColours } from '../../src/platform/code-colours.ts';
import { codeBlocksOf, renderMarkdown, withCodeWords } from '../../src/platform/markdown.ts';

const colours = createCodeColours();
afterAll(() => colours.close());

const block = (language: string, code: string): string => `\`\`\`${language}\n${code}\n\`\`\`\n`;
const withoutSpans = (html: string): string => html.replace(/<\/?span[^>]*>/g, '');

async function coloured(markdown: string): Promise<string> {
  const { html } = renderMarkdown(markdown);
  colours.colour(html);
  await colours.idle();
  return colours.colour(html);
}

describe('colours of code', { timeout: 60_000 }, () => {
  test('the first reader gets the text without waiting, the next one gets it with colours', async () => {
    const { html } = renderMarkdown(block('json', '{"first": 1}'));
    expect(colours.colour(html)).toBe(html);
    await colours.idle();
    expect(colours.colour(html)).toContain('<span class="code-name">"first"</span>');
  });

  test.each([
    ['sh', '# a\ncurl -H "A: $KEY" https://x', 'code-comment'],
    ['json', '{"a": "b"}', 'code-string'],
    ['yaml', 'a: 1', 'code-name'],
    ['nginx', 'server { listen 80; }', 'code-keyword'],
    ['http', 'HTTP/1.1 200 OK', 'code-constant'],
    ['js', 'const a = 1;', 'code-keyword'],
    ['go', 'func main() {}', 'code-keyword'],
    ['lua', 'local a = 1', 'code-keyword'],
    ['ini', '[part]', 'code-name'],
    ['python', 'import os', 'code-keyword'],
  ])('%s is known', async (language, code, kind) => {
    const html = await coloured(block(language, code));
    expect(html).toContain(kind);
    expect(withoutSpans(html)).toBe(renderMarkdown(block(language, code)).html);
  });

  test('what is no language that we know stays as it is', async () => {
    const text = block('constructor', 'x = 1') + block('', 'y = 2') + block('text', 'z');
    expect(await coloured(text)).toBe(renderMarkdown(text).html);
  });

  test('markup in code stays text', async () => {
    const html = await coloured(block('js', 'const a = "</code><script>alert(1)</script>" // <img src=x onerror=y>'));
    expect(html).not.toMatch(/<script|<img/);
    expect(html).toContain('code-string');
  });

  test('no guide of ours loses or gains a letter', async () => {
    const folder = join(import.meta.dirname, '../../content/guides');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.md'));
    expect(files.length).toBeGreaterThan(10);
    for (const file of files) {
      const text = readFileSync(join(folder, file), 'utf8');
      expect(withoutSpans(await coloured(text)), file).toBe(renderMarkdown(text).html);
    }
  });
});

describe('words of code', () => {
  const { html } = renderMarkdown(block('js', 'a < "b" & \'c\''));

  test('are taken from the block as it was written', () =>
    expect(codeBlocksOf(html)).toEqual([{ language: 'js', code: 'a < "b" & \'c\'\n' }]));

  test('that are not its text are not put in', () =>
    expect(withCodeWords(html, [[{ text: 'something else', kind: 'name' }]])).toBe(html));

  test('cannot bring a class or an attribute of their own', () => {
    const words = [{ text: 'a < "b" & \'c\'\n', kind: 'x" onclick="alert(1)' }];
    expect(withCodeWords(html, [words])).not.toMatch(/onclick/);
  });
});
