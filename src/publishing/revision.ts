import type { Lifecycle } from '../catalog/api.ts';
import type { LintReport } from './lint-report.ts';

/** A version of an API, by what addresses call it. */
export interface VersionAddress {
  slug: string;
  version: string;
}

export type RevisionState = 'candidate' | 'published' | 'superseded' | 'discarded';

/** How a document came here: from CONTENT_DIR, by a program, or on a page. */
export type RevisionOrigin = 'file' | 'pushed' | 'uploaded' | 'pasted';

/** One document of a version, as it was brought. */
export interface Revision {
  /** From 1, within its version. */
  number: number;
  state: RevisionState;
  origin: RevisionOrigin;
  format: 'yaml' | 'json';
  /** Why, in the words of who brought it; '' for none. */
  note: string;
  /** E-mail address, or `system` for files. */
  createdBy: string;
  createdAtMs: number;
  /** Of the latest publication; null when it never was published. */
  publishedBy: string | null;
  publishedAtMs: number | null;
  endedAtMs: number | null;
  title: string;
  documentVersion: string;
  operationCount: number;
  sourceBytes: number;
  sourceSha256: string;
  documentSha256: string;
  /** False when its text was forgotten to save space. */
  isKept: boolean;
}

/** A version as its owners see it, listed or waiting for its first document. */
export interface OwnedVersion {
  slug: string;
  apiTitle: string;
  version: string;
  lifecycle: Lifecycle;
  /** Its document stands in CONTENT_DIR; null SHA-256: it is pushed. */
  fileSha256: string | null;
  published: Revision | null;
  candidate: Revision | null;
  revisions: number;
}

/** Where readers get the document from, and whether the file says something else. */
export type PublishedSource = 'nothing' | 'file' | 'pushed' | 'pushed over the file';

/**
 * The latest publication counts, whatever brought it: a file takes over again when it changes. A version that its
 * `api.yaml` marks as pushed has no file.
 */
export function publishedSource({
  published,
  fileSha256,
}: Pick<OwnedVersion, 'published' | 'fileSha256'>): PublishedSource {
  if (!published) return 'nothing';
  if (fileSha256 === null) return 'pushed';
  return published.documentSha256 === fileSha256 ? 'file' : 'pushed over the file';
}

/** What was published before, and can be published once more. */
export function mayRollBackTo({ state, isKept }: Pick<Revision, 'state' | 'isKept'>): boolean {
  return state === 'superseded' && isKept;
}

export const NOTE_MAX_LENGTH = 300;

/** A mistake in a document; line and column are 1-based, null or absent where no place is known. */
export interface DocumentProblem {
  line: number | null;
  column?: number;
  reason: string;
}

export type SubmitResult =
  | {
      ok: true;
      revision: Revision;
      lint: LintReport | null;
      /** False: the same text stood there already. */ isNew: boolean;
    }
  | { ok: false; reason: 'not_found' | 'not_text' }
  | { ok: false; reason: 'too_large'; maxBytes: number }
  | { ok: false; reason: 'invalid_document'; problems: readonly DocumentProblem[] };

export type PublishResult =
  | { ok: true; revision: Revision }
  | { ok: false; reason: 'not_found' | 'not_publishable' | 'published_meanwhile' }
  | { ok: false; reason: 'breaking_changes'; breaking: number }
  | { ok: false; reason: 'invalid_document'; problems: readonly DocumentProblem[] };

export type DiscardResult = { ok: true } | { ok: false; reason: 'not_found' | 'not_a_candidate' };
