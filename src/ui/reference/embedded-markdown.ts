import { type SafeHtml, renderMarkdown } from '../../platform/markdown.ts';
import { withoutTextTags } from '../../platform/text-tags.ts';

/** Characters and beginnings that mean something in Markdown; text without them is what it is. */
const MARKDOWN = /[\\`*_[\]<>#&|~\n]|https?:|www\.|@|^\s*(\d+[.)]|[-+])\s/;
const MOST_KEPT = 2000;
const LONGEST_KEPT = 2000;

/** Descriptions repeat from operation to operation, and rendering one takes longer than all else about it. */
const kept = new Map<string, SafeHtml>();

export function isPlainText(text: string): boolean {
  return !MARKDOWN.test(text);
}

/** Markdown of a document, untrusted, as part of a page. */
export function embeddedMarkdown(text: string): SafeHtml {
  const known = kept.get(text);
  if (known !== undefined) return known;
  const { html } = renderMarkdown(text, { isEmbedded: true, hasHtml: true });
  if (kept.size >= MOST_KEPT) kept.clear();
  if (text.length <= LONGEST_KEPT) kept.set(text, html);
  return html;
}

/** How a text begins, without Markdown and without the HTML that descriptions may have, for lists and search engines. */
export function plainStart(text: string, longest = 160): string {
  const plain = withoutTextTags(text)
    .replace(/!?\[([^[\]]*)\]\([^()]*\)/g, '$1')
    .replace(/^[ \t]*(?:#{1,6}|>)\s/gm, '')
    .replace(/(?<!\w)(__?)(?=\S)([^_]+)\1(?!\w)/g, '$2')
    .replace(/[`*|]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
  return plain.length > longest ? `${plain.slice(0, longest - 1).trimEnd()}…` : plain;
}
