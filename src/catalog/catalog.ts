import type { Plan } from '../plans/plan.ts';
import type { CatalogProblem, Lifecycle, Operation } from './api.ts';
import type { VersionEnding } from './version-ending.ts';

/** What `content/apis/` holds, read and checked; `catalog-store.ts` brings the database in line with it. */
export interface Catalog {
  apis: readonly CatalogApi[];
  /** Present but unreadable: what was stored of them before stays, so that a typing error is not an outage. */
  broken: readonly BrokenPart[];
  problems: readonly CatalogProblem[];
}

export interface CatalogApi {
  slug: string;
  title: string;
  summary: string;
  plans: readonly Plan[];
  versions: readonly CatalogVersion[];
}

export interface CatalogVersion {
  version: string;
  lifecycle: Lifecycle;
  deprecatedAtMs: number | null;
  sunsetAtMs: number | null;
  /** Without a trailing slash; '' for the management API, which the portal serves itself. */
  upstreamUrl: string;
  ending?: VersionEnding;
  /** null: its document is pushed to the portal, or its file is as it was when it was last read. */
  document: OpenApiDocument | null;
  /** Absent for a document that is pushed. */
  reading?: FileReading;
  /** The file as it is written; absent where nobody needs it. */
  source?: DocumentSource;
}

export interface FileReading {
  /** Stands for the reader and the file's text together. */
  name: string;
  /** The document is stored already; nothing was read. */
  isKnown: boolean;
}

/** A document as its owner wrote it. */
export interface DocumentSource {
  text: string;
  format: 'yaml' | 'json';
}

export interface OpenApiDocument {
  /** OpenAPI 3.1 or 3.2, without any `servers`. */
  json: string;
  sha256: string;
  title: string;
  documentVersion: string;
  /** Markdown, untrusted. */
  description: string;
  operations: readonly DocumentOperation[];
  /** The same document in pieces. */
  parts: readonly DocumentPart[];
}

/**
 * A piece of a document, stored on its own so that a page reads what it shows and nothing else:
 * an operation, what a path's operations share, a webhook, a component, and the rest as `root`.
 */
export interface DocumentPart {
  /** RFC 6901, such as `/paths/~1parcels/get`; '' for the root. */
  pointer: string;
  kind: PartKind;
  /** Its address within the version; '' when it has no page. */
  slug: string;
  json: string;
}

export type PartKind = 'root' | 'path' | 'operation' | 'webhook' | 'schema' | 'component';

export interface DocumentOperation extends Operation {
  scopes: readonly string[];
  /** What one call costs, from `x-gatehouse-cost`; 1 unless the document says otherwise. */
  cost: number;
}

/** `version: null` means the whole API. */
export interface BrokenPart {
  slug: string;
  version: string | null;
}

/** A problem within one file. */
export type FileProblem = Omit<CatalogProblem, 'file'>;

/** The portal serves this API itself, at PUBLIC_URL/api/<version>; no gateway and no upstream stand before it. */
export const MANAGEMENT_API_SLUG = 'gatehouse';

/** The same catalog with the origins that this installation's settings give for some APIs; paths stay. */
export function useUpstreams(catalog: Catalog, origins: ReadonlyMap<string, string>): Catalog {
  const moved = (slug: string, version: CatalogVersion): CatalogVersion => {
    const origin = origins.get(slug);
    if (origin === undefined || version.upstreamUrl === '') return version;
    const { pathname } = new URL(version.upstreamUrl);
    return { ...version, upstreamUrl: `${origin}${pathname === '/' ? '' : pathname}` };
  };
  const apis = catalog.apis.map((api) => ({
    ...api,
    versions: api.versions.map((version) => moved(api.slug, version)),
  }));
  return { ...catalog, apis };
}
