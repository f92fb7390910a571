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
  html: string;
  /** Second-level headings, for the page's table of contents. */
  headings: readonly { id: string; text: string }[];
}
