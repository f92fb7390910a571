import type { SafeHtml } from '../platform/markdown.ts';

/** A page of `content/guides/`. */
export interface Guide {
  /** Path below `content/guides/` without extension, such as `gateways/nginx`. */
  slug: string;
  title: string;
  summary: string;
  section: string;
  /** Order within its section. */
  position: number;
  /** Sanitised HTML. */
  html: SafeHtml;
  /** Second-level headings, for the page's table of contents. */
  headings: readonly { id: string; text: string }[];
}

export interface GuideProblem {
  /** Relative to CONTENT_DIR. */
  file: string;
  /** 1-based; null where it concerns the whole file. */
  line: number | null;
  reason: string;
}

/** Sections of Gatehouse's own guides, as a newcomer needs them; others follow by name. */
const SECTIONS = ['Start', 'Calling APIs', 'Security', 'Gateways', 'Operation'];

/** Section by section, and by position within each. */
export function inReadingOrder(guides: readonly Guide[]): Guide[] {
  const rank = ({ section }: Guide): number =>
    SECTIONS.includes(section) ? SECTIONS.indexOf(section) : SECTIONS.length;
  return guides.toSorted(
    (a, b) =>
      rank(a) - rank(b) ||
      a.section.localeCompare(b.section, 'en') ||
      a.position - b.position ||
      a.title.localeCompare(b.title, 'en'),
  );
}
