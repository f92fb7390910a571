/** What can be found; in the words of the page. Pure. */
export const searchKinds = {
  operation: 'Operations',
  schema: 'Schemas',
  webhook: 'Webhooks',
  api: 'APIs and tags',
  guide: 'Guides',
  notice: 'Notices',
  refusal: 'Refusals',
} as const;

export type SearchKind = keyof typeof searchKinds;

export function isSearchKind(text: string): text is SearchKind {
  return Object.hasOwn(searchKinds, text);
}

export interface SearchQuestion {
  text: string;
  /** null: all kinds. */
  kind: SearchKind | null;
  /** Most hits of each kind. */
  most: number;
}

/** A piece of text; `isHit` when it is what was searched for. */
export interface MarkedPiece {
  text: string;
  isHit: boolean;
}

export type MarkedText = readonly MarkedPiece[];

export interface SearchHit {
  kind: SearchKind;
  /** Path on this site. */
  href: string;
  /** Where it stands, outermost first. */
  crumbs: readonly string[];
  title: MarkedText;
  /** Upper-case HTTP method, or the status of a refusal; null for what has neither. */
  badge: string | null;
  /** Path of an operation, code of a refusal; [] for what has none. */
  address: MarkedText;
  excerpt: MarkedText;
  deprecated: boolean;
}

export interface SearchGroup {
  kind: SearchKind;
  /** All that were found, shown or not. */
  count: number;
  hits: readonly SearchHit[];
}

/** `busy`: too many searches wait, or the index cannot be made; later it may work. */
export type SearchResult = { ok: true; groups: readonly SearchGroup[] } | { ok: false; reason: 'busy' };

/** What is put into the index; the thread that holds the index makes entries of it. */
export type SearchSource =
  | { kind: 'api'; href: string; crumbs: readonly string[]; title: string; text: string; names: readonly string[] }
  | {
      kind: 'operation';
      href: string;
      crumbs: readonly string[];
      method: string;
      path: string;
      operationId: string;
      summary: string;
      deprecated: boolean;
      /** Of a version that is neither deprecated nor retired. */
      isCurrent: boolean;
      json: string;
    }
  | {
      kind: 'schema' | 'webhook';
      href: string;
      crumbs: readonly string[];
      name: string;
      isCurrent: boolean;
      json: string;
    }
  | { kind: 'guide'; href: string; title: string; summary: string; section: string; html: string }
  | { kind: 'notice'; href: string; title: string; summary: string; names: readonly string[]; html: string }
  | { kind: 'refusal'; href: string; code: string; status: number; title: string; text: string };
