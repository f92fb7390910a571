import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';

import type { DocumentSource, OpenApiDocument } from './catalog.ts';

/** A document as revisions keep it. */
export interface PackedDocument {
  /** gzip of the text as its owner wrote it; null when nobody kept it. */
  source: Uint8Array | null;
  /** gzip of the canonical document. */
  document: Uint8Array;
}

const compress = promisify(gzip);
const decompress = promisify(gunzip);
/** Documents are twenty times smaller even at the quickest levels. */
const LEVEL = 3;

export async function packDocument(document: OpenApiDocument, source: DocumentSource | null): Promise<PackedDocument> {
  return {
    source: source && (await compress(source.text, { level: LEVEL })),
    document: await compress(document.json, { level: LEVEL }),
  };
}

/** Only for what `packDocument` made: how large it becomes was checked then. */
export async function unpackText(packed: Uint8Array): Promise<string> {
  return (await decompress(packed)).toString('utf8');
}
