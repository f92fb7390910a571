import { serverUrl } from '../catalog/catalog-library.ts';
import type { ApiVersion } from '../catalog/api.ts';
import { operationPointers } from '../catalog/document-parts.ts';
import { isJsonObject } from '../catalog/document-source.ts';
import { sliceOperation } from './operation-slice.ts';
import type { WholeReader } from './read-whole.ts';
import type { ReferenceStore } from './reference-store.ts';

/** The document of one operation as JSON text; null when the version has no such operation. */
export async function readSlice(
  { store, readWhole }: { store: Pick<ReferenceStore, 'operation'>; readWhole: WholeReader },
  site: { publicUrl: string; gatewayPublicUrl: string },
  { apiSlug, version, title, documentVersion }: ApiVersion,
  slug: string,
): Promise<string | null> {
  const key = { api: apiSlug, version };
  const operation = await store.operation(key, slug);
  if (!operation) return null;
  const { path, method } = operation;
  const { operation: pointer, shared } = operationPointers(path, method);
  const target = { title, version: documentVersion, serverUrl: serverUrl(site, apiSlug, version), path, method };
  const slice = await readWhole(key, ['', pointer, shared, SLICE], (resolver) => {
    const object = resolver.at(pointer);
    return sliceOperation(resolver, isJsonObject(object) ? object : {}, resolver.at(shared), target);
  });
  return JSON.stringify(slice);
}

/** No part of any document: tells what this needs from what the page of the same operation needs. */
const SLICE = '/slice';
