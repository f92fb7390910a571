import { Marked, type Token, type Tokens } from 'marked';
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
  /** The text may have HTML of its own: the tags of ordinary text are kept, bare of attributes, and all others are text. */
  hasHtml?: boolean;
}

/** The parser recurses once per level of quotes and lists; no reader follows 50, and thousands overflow its stack. */
const TOO_DEEP = /^(?:[ \t]*(?:>|(?:[-+*]|\d{1,9}[.)])[ \t])){50}/m;

/** GitHub-flavoured Markdown to HTML without scripts, styles or foreign images; HTML in it is text unless `hasHtml`. */
export function renderMarkdown(markdown: string, options: MarkdownOptions = {}): RenderedMarkdown {
  const text = markdown.slice(0, MARKDOWN_MAX_LENGTH);
  const headings: Heading[] = [];
  const marked = createParser(headings, options);
  const html = TOO_DEEP.test(text)
    ? marked.parser([{ type: 'code', raw: text, text }])
    : marked.parse(text, { async: false });
  return { html: options.hasHtml ? sanitizeOwnHtml(html) : sanitize(html), headings };
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

function createParser(headings: Heading[], { codeFor, isEmbedded = false, hasHtml }: MarkdownOptions): Marked {
  const slugOf = createSlugs();
  return new Marked({
    gfm: true,
    // No token, no HTML: `<b>` is three characters of text.
    ...(!hasHtml && { tokenizer: { html: () => undefined, tag: () => undefined } }),
    renderer: {
      blockquote({ tokens }) {
        const kind = takeAlert(tokens);
        if (kind === null) return false;
        return `<blockquote class="alert-${kind.toLowerCase()}"><p class="heading">${kind}</p>${this.parser.parse(tokens)}</blockquote>\n`;
      },
      heading({ depth, tokens }) {
        if (isEmbedded) return `<p class="heading">${this.parser.parseInline(tokens)}</p>\n`;
        const text = this.parser.parseInline(tokens, this.parser.textRenderer);
        const id = slugOf(text);
        headings.push({ level: depth, id, text });
        return `<h${depth} id="${id}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
      },
      code(token) {
        token.text = codeFor?.(token.lang ?? '') ?? token.text;
        return false;
      },
      // As the sanitiser has it too; here the description may have marks of its own.
      image({ href, tokens }) {
        return isOwn(href) ? false : this.parser.parseInline(tokens);
      },
    },
  });
}

const ALERT = /^\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\](?:\n|$)/;

/** Takes the `[!NOTE]` off the beginning of a quote and says which it was, as a word: https://github.com/orgs/community/discussions/16925 */
function takeAlert([paragraph]: Token[]): string | null {
  const [text] = paragraph?.type === 'paragraph' ? (paragraph.tokens ?? []) : [];
  const kind = text?.type === 'text' ? ALERT.exec(text.raw)?.[1] : undefined;
  if (text === undefined || kind === undefined) return null;
  Object.assign(text, { text: (text as Tokens.Text).text.replace(ALERT, '') });
  return `${kind.slice(0, 1)}${kind.slice(1).toLowerCase()}`;
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

const HEADINGS = ['h1', 'h2', 'h3', 'h4', 'h5', 'h6'];

function sanitize(html: string, pageUrl?: string): SafeHtml {
  return sanitizeHtml(html, optionsFor(pageUrl)) as SafeHtml;
}

/** Tags that descriptions of real documents have besides those of Markdown, and what they become here. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  b: 'strong',
  i: 'em',
  tt: 'code',
  center: 'div',
  section: 'div',
};

/** Of text with HTML of its own: a `<token>` that is no tag stays, as text, and no id or box to tick comes from it. */
function sanitizeOwnHtml(html: string): SafeHtml {
  // A picture beside the document is not beside this page.
  const options = optionsFor(undefined, (src) => src.startsWith('/') && isOwn(src));
  return sanitizeHtml(html, {
    ...options,
    allowedTags: [...allowedTags, 'div', 'dl', 'dt', 'dd', 'sub', 'sup', 'details', 'summary'],
    transformTags: {
      ...options.transformTags,
      ...OTHER_NAMES,
      ...Object.fromEntries(HEADINGS.map((tag) => [tag, () => ({ tagName: 'p', attribs: { class: 'heading' } })])),
    },
    disallowedTagsMode: 'escape',
    // Not among the published types of the library.
    ...{ preserveEscapedAttributes: true },
    nestingLimit: 50,
  }) as SafeHtml;
}

const isOwn = (src: string): boolean => linkKind(src) === 'own';

function optionsFor(pageUrl?: string, showsPicture = isOwn): sanitizeHtml.IOptions {
  return {
    allowedTags,
    allowedAttributes: {
      ...Object.fromEntries(HEADINGS.map((tag) => [tag, ['id']])),
      a: ['href', 'title', 'rel'],
      img: ['src', 'alt', 'title'],
      input: ['type', 'checked', 'disabled'],
      ol: ['start'],
      pre: ['tabindex'],
      th: [alignment],
      td: [alignment],
    },
    allowedClasses: {
      ...{ code: [/^language-[\w+#.-]+$/], span: [/^code-[a-z]+$/] },
      ...{ p: ['heading'], blockquote: [/^alert-[a-z]+$/] },
    },
    allowedSchemes: ['http', 'https', 'mailto'],
    transformTags: {
      a: (tagName, { href, title }) => ({ tagName, attribs: linkAttributes(href, title, pageUrl) }),
      // Of a picture elsewhere the description stays: loading it would tell that server who reads this page.
      img: (tagName, { src = '', alt = '', title }) =>
        showsPicture(src)
          ? { tagName, attribs: present({ src: absolute(src, pageUrl), alt, title }) }
          : { tagName: 'span', attribs: {}, text: alt },
      input: (tagName, { checked }) => ({ tagName, attribs: present({ type: 'checkbox', checked, disabled: '' }) }),
      // A block that scrolls sideways must be reachable by keyboard.
      pre: (tagName) => ({ tagName, attribs: { tabindex: '0' } }),
    },
  };
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
