import { readFileSync } from 'node:fs';

import type { Desk } from './desk.ts';
import { type OperationCase, type Scene, absent, unknownQuery } from './operation-case.ts';

const documentOf = (version: string): string =>
  readFileSync(`content/apis/parcels/${version}/openapi.yaml`, 'utf8').replace(
    /^ {2}version: .+$/m,
    '  version: 9.0.0',
  );
const yaml = { 'Content-Type': 'application/yaml' };
const v2 = '/apis/parcels/versions/v2';

/** Each version of Parcels has its file as revision 1; the second is what is pushed here. */
export const publishingCases: Readonly<Record<string, OperationCase>> = {
  listDocuments: {
    by: 'olga',
    ok: () => ({ path: '/owner/documents' }),
    refused: () => unknownQuery('/owner/documents'),
  },
  pushDocument: {
    by: 'olga',
    ok: () => ({ method: 'PUT', path: `${v2}/document?note=Release`, body: documentOf('v2'), headers: yaml }),
    answers: () => ({ revision: { number: 2, documentVersion: '9.0.0' }, lint: { gaveUp: null, errors: 0 } }),
    refused: () => ({
      method: 'PUT',
      path: `${v2}/document`,
      body: 'openapi: 3.1.0',
      headers: yaml,
      code: 'invalid_document',
    }),
  },
  listRevisions: {
    by: 'olga',
    ok: () => ({ path: `${v2}/revisions` }),
    refused: () => absent('GET', '/apis/parcels/versions/v9/revisions'),
  },
  getRevision: {
    by: 'olga',
    ok: () => ({ path: `${v2}/revisions/1` }),
    answers: () => ({ revision: { number: 1, origin: 'file' } }),
    refused: () => absent('GET', `${v2}/revisions/99`),
  },
  getRevisionText: {
    by: 'olga',
    ok: () => ({ path: `${v2}/revisions/1/text` }),
    answers: () => ({ format: 'yaml', text: readFileSync('content/apis/parcels/v2/openapi.yaml', 'utf8') }),
    refused: () => absent('GET', `${v2}/revisions/first/text`),
  },
  publishRevision: {
    by: 'olga',
    ok: () => ({ method: 'POST', path: `${v2}/revisions/2/publication`, body: { publishedRevision: 1 } }),
    answers: () => ({ revision: { number: 2, state: 'published' }, publishedRevision: 2 }),
    refused: () => ({
      method: 'POST',
      path: `${v2}/revisions/1/publication`,
      body: { publishedRevision: 9 },
      code: 'not_publishable',
    }),
  },
  discardRevision: {
    by: 'olga',
    ok: () => ({ method: 'DELETE', path: '/apis/parcels/versions/v1/revisions/2' }),
    refused: () => ({ method: 'DELETE', path: '/apis/parcels/versions/v1/revisions/1', code: 'not_a_candidate' }),
  },
};

/** What the last two have to find: a candidate. The same text again is the same revision. */
export async function submitFor(operationId: string, { portal }: Desk, { olga }: Scene): Promise<void> {
  const version = { publishRevision: 'v2', discardRevision: 'v1' }[operationId];
  if (version === undefined) return;
  const bytes = new TextEncoder().encode(documentOf(version));
  const submitted = await portal.publishing.submit(olga, {
    slug: 'parcels',
    version,
    bytes,
    origin: 'pushed',
    note: '',
  });
  if (!submitted.ok) throw new Error(JSON.stringify(submitted));
}
