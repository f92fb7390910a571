import { parentPort } from 'node:worker_threads';

import type { Format } from './document-source.ts';
import { readOpenApiDocument } from './openapi-document.ts';

/** Runs in a worker thread of `document-reader.ts`; one question at a time. */
parentPort?.on('message', ({ text, format }: { text: string; format: Format }) => {
  void readOpenApiDocument(text, format).then((result) => parentPort?.postMessage(result));
});
