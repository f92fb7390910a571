import type { Generated } from 'kysely';

/** What was ever published of a version, or waits for it. */
export interface PublishingTables {
  document_revision: {
    api_slug: string;
    version: string;
    /** From 1, within the version. */
    number: number;
    state: 'candidate' | 'published' | 'superseded' | 'discarded';
    origin: 'file' | 'pushed' | 'uploaded' | 'pasted';
    format: 'yaml' | 'json';
    /** Why, in the words of who brought it; '' for none. */
    note: string;
    /** Account id, or `system` for files. */
    created_by: string;
    created_at_ms: number;
    /** Of the latest publication; null when it never was published. */
    published_by: string | null;
    published_at_ms: number | null;
    /** When it was superseded or discarded. */
    ended_at_ms: number | null;
    title: string;
    document_version: string;
    operation_count: number;
    /** Of the text as its owner wrote it. */
    source_bytes: number;
    source_sha256: string;
    /** Of the canonical document. */
    document_sha256: string;
    /** gzip of the text as it was written; null when it is not kept. */
    source: Uint8Array | null;
    /** gzip of the canonical document; null when it is not kept any more. */
    document: Uint8Array | null;
    /** Bytes of both as they are stored. */
    kept_bytes: Generated<number>;
    /** JSON of what the lint found; null when nobody looked. */
    lint: string | null;
  };
}
