import { Marked } from 'marked';
import sanitizeHtml from 'sanitize-html';

import { linkKind } from './link.ts';
import { MARKDOWN_MAX_LENGTH } from './markdown-limit.ts';

declare const safeHtmlBrand: unique symbol;

/** HTML that left the sanitiser. Only this module makes it; only `ui/SafeHtml.astro` prints it unescaped. */
export type SafeHtml = string & { readonly [safeHtmlBrand]: true };

export interface Heading {
  /** 1 to 6. */
  level: number;
  id: string;
  text: string;
}

export interface RenderedMarkdown {
  html: SafeHtml;
  /** In the order of the text. */
  headings: readonly Heading[];
}

export interface MarkdownOptions {
  /** Text to put into a fenced block in place of its own, by its info string, such as `nginx file=nginx.conf`. */
  codeFor?: (infoString: string) => string | null;
  /** The text stands within another page: its headings become bold lines, and no id of it can meet one of the page. */
  isEmbedded?: boolean;
}

/** The parser recurses once per level of quotes and lists; no reader follows 50, and thousands overflow its stack. */
const TOO_DEEP = /^(?:[ \t]*(?:>|(?:[-+*]|\d{1,9}[.)])[ \t])){50}/m;

/** GitHub-flavoured Markdown to HTML without scripts, styles, foreign images or raw HTML, which is shown as text. */
export function renderMarkdown(markdown: string, options: MarkdownOptions = {}): RenderedMarkdown {
  const text = markdown.slice(0, MARKDOWN_MAX_LENGTH);
  const headings: Heading[] = [];
  const marked = createParser(headings, options);
  const html = TOO_DEEP.test(text)
    ? marked.parser([{ type: 'code', raw: text, text }])
    : marked.parse(text, { async: false });
  return { html: sanitize(html), headings };
}

/** The same HTML with links that work away from the site, such as in a feed reader. `pageUrl` is where it stands. */
export function withAbsoluteLinks(html: SafeHtml, pageUrl: string): SafeHtml {
  return sanitize(html, pageUrl);
}

/** A fenced block as the sanitiser leaves it. */
const CODE_BLOCK = /(<pre tabindex="0"><code(?: class="language-([\w+#.-]+)")?>)([^<]*)(<\/code><\/pre>)/g;

/** The fenced blocks of a text, in its order; the language is '' where none is named. */
export function codeBlocksOf(html: SafeHtml): { language: string; code: string }[] {
  return [...html.matchAll(CODE_BLOCK)].map(([, , language = '', code = '']) => ({
    language,
    code: unescapeHtml(code),
  }));
}

/**
 * The same HTML with the words of its blocks of code marked by class.
 * @param blocks for each of `codeBlocksOf`; null, or words that are not the text of the block, leave it as it is
 */
export function withCodeWords(
  html: SafeHtml,
  blocks: readonly (readonly { text: string; kind: string | null }[] | null)[],
): SafeHtml {
  let at = 0;
  const marked = html.replace(CODE_BLOCK, (whole, before: string, _language, code: string, after: string) => {
    const words = blocks[at];
    at += 1;
    const isSame = words?.map(({ text }) => text).join('') === unescapeHtml(code);
    return words && isSame ? before + words.map(wordHtml).join('') + after : whole;
  });
  return sanitize(marked);
}

function wordHtml({ text, kind }: { text: string; kind: string | null }): string {
  const escaped = text.replace(/[&<>"]/g, (character) => ESCAPES[character] ?? '');
  return kind === null ? escaped : `<span class="code-${kind}">${escaped}</span>`;
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function unescapeHtml(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) =>
    name === '#39' ? "'" : (Object.entries(ESCAPES).find(([, escape]) => escape === `&${name};`)?.[0] ?? ''),
  );
}

function createParser(headings: Heading[], { codeFor, isEmbedded = false }: MarkdownOptions): Marked {
  const slugOf = createSlugs();
  return new Marked({
    gfm: true,
    // No token, no HTML: `<b>` is three characters of text.
    tokenizer: { html: () => undefined, tag: () => undefined },
    renderer: {
      heading({ depth, tokens }) {
        if (isEmbedded) return `<p><strong>${this.parser.parseInline(tokens)}</strong></p>\n`;
        const text = this.parser.parseInline(tokens, this.parser.textRenderer);
        const id = slugOf(text);
        headings.push({ level: depth, id, text });
        return `<h${depth} id="${id}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
      },
      code(token) {
        token.text = codeFor?.(token.lang ?? '') ?? token.text;
        return false;
      },
      // Of a picture elsewhere the description stays: loading it would tell that server who reads this page.
      image({ href, tokens }) {
        return linkKind(href) === 'own' ? false : this.parser.parseInline(tokens);
      },
    },
  });
}

/** Ids as GitHub makes them: lower case, letters, digits, `-` and `_`; a second one of the same name ends in `-1`. */
function createSlugs(): (text: string) => string {
  const used = new Set<string>();
  return (text) => {
    const base =
      text
        .toLowerCase()
        .replace(/[^\p{L}\p{M}\p{N}\s_-]/gu, '')
        .trim()
        .replace(/\s/g, '-') || 'section';
    let slug = base;
    for (let count = 1; used.has(slug); count += 1) slug = `${base}-${count}`;
    used.add(slug);
    return slug;
  };
}

const allowedTags = [
  ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'p', 'br', 'hr', 'blockquote', 'ul', 'ol', 'li', 'input', 'pre', 'code'],
  ...['strong', 'em', 'del', 'a', 'img', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'span'],
];

const alignment = { name: 'align', values: ['left', 'center', 'right'] };

function sanitize(html: string, pageUrl?: string): SafeHtml {
  return sanitizeHtml(html, {
    allowedTags,
    allowedAttributes: {
      ...Object.fromEntries(['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((tag) => [tag, ['id']])),
      a: ['href', 'title', 'rel'],
      img: ['src', 'alt', 'title'],
      input: ['type', 'checked', 'disabled'],
      ol: ['start'],
      pre: ['tabindex'],
      th: [alignment],
      td: [alignment],
    },
    allowedClasses: { code: [/^language-[\w+#.-]+$/], span: [/^code-[a-z]+$/] },
    allowedSchemes: ['http', 'https', 'mailto'],
    transformTags: {
      a: (tagName, { href, title }) => ({ tagName, attribs: linkAttributes(href, title, pageUrl) }),
      img: (tagName, { src = '', alt, title }) => ({
        tagName,
        attribs: present({ src: linkKind(src) === 'own' ? absolute(src, pageUrl) : undefined, alt, title }),
      }),
      input: (tagName, { checked }) => ({ tagName, attribs: present({ type: 'checkbox', checked, disabled: '' }) }),
      // A block that scrolls sideways must be reachable by keyboard.
      pre: (tagName) => ({ tagName, attribs: { tabindex: '0' } }),
    },
    exclusiveFilter: ({ tag, attribs: { src } }) => tag === 'img' && src === undefined,
  }) as SafeHtml;
}

function linkAttributes(
  href: string | undefined,
  title: string | undefined,
  pageUrl: string | undefined,
): sanitizeHtml.Attributes {
  const kind = href === undefined ? null : linkKind(href);
  if (href === undefined || kind === null) return present({ title });
  return present({ href: absolute(href, pageUrl), title, rel: kind === 'foreign' ? 'noopener nofollow' : undefined });
}

function absolute(href: string, pageUrl: string | undefined): string {
  return pageUrl === undefined ? href : new URL(href, pageUrl).href;
}

function present(attributes: Record<string, string | undefined>): sanitizeHtml.Attributes {
  return Object.fromEntries(
    Object.entries(attributes).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
