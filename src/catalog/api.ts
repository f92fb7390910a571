import type { Plan } from '../plans/plan.ts';
import type { VersionEnding } from './version-ending.ts';

export type Lifecycle = 'active' | 'deprecated' | 'retired';

/** A published product and its versions, newest first. */
export interface Api {
  slug: string;
  title: string;
  summary: string;
  versions: readonly ApiVersion[];
  plans: readonly Plan[];
}

export interface ApiVersion {
  apiSlug: string;
  version: string;
  lifecycle: Lifecycle;
  deprecatedAtMs: number | null;
  sunsetAtMs: number | null;
  ending?: VersionEnding;
  /** `info.title`, `info.version` and `info.description` (Markdown, untrusted) of the document. */
  title: string;
  documentVersion: string;
  description: string;
  operationCount: number;
}

/** One method and path. */
export interface Operation {
  operationId: string;
  /** Its address below the version, such as `create-parcel`. */
  slug: string;
  method: string;
  path: string;
  summary: string;
  deprecated: boolean;
  tag: string;
}

/** Why a document or `api.yaml` was not loaded; the rest of the site starts all the same. */
export interface CatalogProblem {
  /** Relative to CONTENT_DIR. */
  file: string;
  /** 1-based; null where the format gives none. */
  line: number | null;
  /** 1-based, in characters; absent where the reader knows the line at most. */
  column?: number;
  reason: string;
}
