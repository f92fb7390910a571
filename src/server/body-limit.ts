import { MAX_BODY_BYTES } from './refusals.ts';

/** Where owners send OpenAPI documents: as a body of its own, and as part of a form. */
const DOCUMENT_PATHS = /^\/(?:api\/v1\/apis\/[^/]+\/versions\/[^/]+\/document|owner\/apis\/[^/]+\/[^/]+\/document)\/?$/;
/** A form has a note and its own marks beside the document; text is sent as it is. */
const FORM_BYTES = 64 * 1024;

/** Most bytes of a body that is sent to this path. */
export function bodyLimitAt(path: string, documentMaxBytes: number): number {
  return DOCUMENT_PATHS.test(path) ? Math.max(MAX_BODY_BYTES, documentMaxBytes + FORM_BYTES) : MAX_BODY_BYTES;
}
