import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { renderMarkdown, withAbsoluteLinks } from '../../src/platform/markdown.ts';
import { MARKDOWN_MAX_LENGTH } from '../../src/platform/markdown-limit.ts';
import { hostileMarkdown as hostile } from '../support/hostile-markdown.ts';
import { dangersIn } from '../support/html-dangers.ts';

describe('hostile Markdown', () => {
  test.each(hostile)('is harmless: %j', (markdown) => {
    const { html } = renderMarkdown(markdown);
    expect(dangersIn(html)).toEqual([]);
    expect(dangersIn(withAbsoluteLinks(html, 'https://portal.example/notices/x'))).toEqual([]);
    const withHtml = renderMarkdown(markdown, { isEmbedded: true, hasHtml: true }).html;
    expect(dangersIn(withHtml)).toEqual([]);
    expect(withHtml).not.toMatch(/<[^<>]* id="/);
  });

  test('of any kind is harmless, whatever it is mixed with', () => {
    const pieces = [
      ...hostile,
      ...'<>"\'`*_[]()!#|\\&;:/-+~= \n\t\0'.split(''),
      '](',
      '![',
      '```',
      '<!--',
      '-->',
      '&#x3c;',
      '\u2028',
    ];
    const piece = fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary', maxLength: 6 }));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 25 }), (parts) => {
        expect(dangersIn(renderMarkdown(parts.join('')).html)).toEqual([]);
        expect(dangersIn(renderMarkdown(parts.join(''), { isEmbedded: true, hasHtml: true }).html)).toEqual([]);
      }),
      { numRuns: 1500 },
    );
  });

  test('that nests without end is shown as text and breaks nothing', () => {
    for (const marker of ['>', '> ', '- ', '1. ', '> - ', '*\t']) {
      const { html } = renderMarkdown(marker.repeat(MARKDOWN_MAX_LENGTH / marker.length));
      expect(html).toMatch(/^<pre tabindex="0"><code>/);
      expect(dangersIn(html)).toEqual([]);
    }
    const { html: ofTags } = renderMarkdown('<ul><li>'.repeat(5000), { hasHtml: true });
    expect(ofTags.match(/<ul>/g)).toHaveLength(25);
    for (const part of ['[', '![', '*a **b ', '`', '<', '\\', 'a|', '<!--', 'http://a.', '~~']) {
      expect(dangersIn(renderMarkdown(part.repeat(3000)).html)).toEqual([]);
    }
  });

  test('beyond the longest permitted text is cut', () => {
    const { html } = renderMarkdown('a'.repeat(MARKDOWN_MAX_LENGTH + 1));
    expect(html).toBe(`<p>${'a'.repeat(MARKDOWN_MAX_LENGTH)}</p>\n`);
  });
});

describe('ordinary Markdown', () => {
  const html = (markdown: string): string => renderMarkdown(markdown).html.trim();

  test('keeps raw HTML as text', () => {
    expect(html('a <b>bold</b> word')).toBe('<p>a &lt;b&gt;bold&lt;/b&gt; word</p>');
  });

  test('marks quotes that begin as alerts', () => {
    expect(html('> [!WARNING]\n> Keys *end*.')).toBe(
      '<blockquote class="alert-warning"><p class="heading">Warning</p><p>Keys <em>end</em>.</p>\n</blockquote>',
    );
    expect(html('> [!NOTE] is how they begin')).toContain('<p>[!NOTE] is how they begin</p>');
    expect(html('> [!OTHER]\n> text')).toContain('[!OTHER]');
  });

  test('marks links to other sites and leaves own ones alone', () => {
    expect(html('[a](https://other.example/)')).toBe(
      '<p><a href="https://other.example/" rel="noopener nofollow">a</a></p>',
    );
    expect(html('[a](/guides/keys#rotate "Keys")')).toBe('<p><a href="/guides/keys#rotate" title="Keys">a</a></p>');
    expect(html('[a](mailto:security@example.com)')).toBe('<p><a href="mailto:security@example.com">a</a></p>');
  });

  test('shows pictures of this site, and of others only their description', () => {
    expect(html('![A chart](/images/chart.png)')).toBe('<p><img src="/images/chart.png" alt="A chart" /></p>');
    expect(html('![A chart](https://other.example/chart.png)')).toBe('<p>A chart</p>');
  });

  test('keeps tables with their alignment, task lists and the language of code', () => {
    expect(html('|a|b|\n|-|-:|\n|1|2|')).toContain('<td align="right">2</td>');
    expect(html('- [x] done')).toContain('<input type="checkbox" checked disabled /> done');
    expect(html('```json\n{}\n```')).toContain('<code class="language-json">{}\n</code>');
  });

  test('gives headings ids as GitHub does, and lists them', () => {
    const { html: rendered, headings } = renderMarkdown('# Keys & tokens\n\n## Rotate `now`\n\n## Rotate now\n\n## ?');
    expect(headings).toEqual([
      { level: 1, id: 'keys--tokens', text: 'Keys & tokens' },
      { level: 2, id: 'rotate-now', text: 'Rotate now' },
      { level: 2, id: 'rotate-now-1', text: 'Rotate now' },
      { level: 2, id: 'section', text: '?' },
    ]);
    expect(rendered).toContain('<h2 id="rotate-now">Rotate <code>now</code></h2>');
  });

  test('fills a fenced block with the text it names', () => {
    const { html: rendered } = renderMarkdown('```nginx file=a.conf\n```\n\n```sh\nls\n```', {
      codeFor: (info) => (info.includes('file=a.conf') ? 'return 200 "<ok>";\n```\n' : null),
    });
    expect(rendered).toContain('<code class="language-nginx">return 200 "&lt;ok&gt;";\n```\n</code>');
    expect(rendered).toContain('<code class="language-sh">ls\n</code>');
  });

  test('has absolute links for readers elsewhere', () => {
    const { html: rendered } = renderMarkdown('[a](/x) [b](y#z) [c](#here) ![d](/d.png) [m](mailto:a@b.example)');
    const hrefs = withAbsoluteLinks(rendered, 'https://portal.example/notices/n').matchAll(/(?:href|src)="([^"]*)"/g);
    expect([...hrefs].map(([, href]) => href)).toEqual([
      'https://portal.example/x',
      'https://portal.example/notices/y#z',
      'https://portal.example/notices/n#here',
      'https://portal.example/d.png',
      'mailto:a@b.example',
    ]);
  });
});

describe('Markdown of documents, which may have HTML', () => {
  const html = (markdown: string): string => renderMarkdown(markdown, { isEmbedded: true, hasHtml: true }).html.trim();

  test('keeps the tags of ordinary text, without their attributes', () => {
    expect(html('<p class="a" id="main">Retrieves <b style="color:red">a charge</b>.<br>Then <i>more</i></p>')).toBe(
      '<p>Retrieves <strong>a charge</strong>.<br />Then <em>more</em></p>',
    );
    expect(html('<h2 id="content">Errors</h2><ul><li><code>a</code></ul>')).toBe(
      '<p class="heading">Errors</p><ul><li><code>a</code></li></ul>',
    );
    expect(html('<a href="https://other.example/" target="_blank" onclick="x()">a</a>')).toBe(
      '<p><a href="https://other.example/" rel="noopener nofollow">a</a></p>',
    );
  });

  test('loses nothing that only looks like a tag', () => {
    expect(html('Send `a` as Bearer <token>, 3 < 4, Array<String>')).toBe(
      '<p>Send <code>a</code> as Bearer &lt;token&gt;, 3 &lt; 4, Array&lt;string&gt;</p>',
    );
    expect(html('<script>alert(1)</script>')).toBe('&lt;script&gt;alert(1)&lt;/script&gt;');
  });

  test('of pictures elsewhere and beside the document shows only the description', () => {
    expect(html('a <img src="https://other.example/a.png" alt="chart">')).toBe('<p>a <span>chart</span></p>');
    expect(html('a ![chart](images/a.png)')).toBe('<p>a <span>chart</span></p>');
    expect(html('a ![chart](/images/a.png)')).toBe('<p>a <img src="/images/a.png" alt="chart" /></p>');
  });
});
