/** Text out of markup, for the index only: it is never printed as HTML. */
import { withoutTextTags } from '../platform/text-tags.ts';

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", nbsp: ' ' };

export interface HtmlSection {
  /** Of the heading; '' for what stands before the first one. */
  id: string;
  heading: string;
  text: string;
}

/** The sections of HTML that our own sanitiser wrote: every heading of the second and third level begins one. */
export function sectionsOf(html: string): HtmlSection[] {
  // A split gives no empty part where the text begins with a heading.
  const [before = '', ...rest] = `\n${html}`.split(/(?=<h[23] id=")/);
  const first = { id: '', heading: '', text: textOf(before) };
  const headed = rest.map((part): HtmlSection => {
    const [, id = '', heading = '', body = ''] = /^<h[23] id="([^"]*)">(.*?)<\/h[23]>(.*)$/s.exec(part) ?? [];
    return { id: decode(id), heading: textOf(heading), text: textOf(body) };
  });
  return [first, ...headed];
}

function textOf(html: string): string {
  return decode(html.replace(/<\/(?:p|li|td|th|h\d|pre)>/g, ' ').replace(/<[^<>]*>/g, ''))
    .replace(/\s+/g, ' ')
    .trim();
}

function decode(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|#39|nbsp);/g, (_, name: string) => ENTITIES[name] ?? ' ');
}

/** Markdown without the signs that are not read aloud. It may be hostile: one pass for each rule, none of them nested. */
export function textOfMarkdown(markdown: string, mostCharacters: number): string {
  return withoutTextTags(markdown.slice(0, mostCharacters * 2))
    .replace(/\]\([^()\s]{0,400}\)/g, ' ')
    .replace(/[`*_#>|[\]]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, mostCharacters);
}
