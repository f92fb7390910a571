import { parentPort } from 'node:worker_threads';

import { isJsonObject } from '../catalog/document-source.ts';
import { compareDocuments } from './compare-documents.ts';
import type { DocumentPair } from './difference-reader.ts';

/** Runs in a worker thread of `difference-reader.ts`; one question, then it ends. */
parentPort?.once('message', ({ old, new: now, options }: DocumentPair) => {
  const [before, after] = [JSON.parse(old) as unknown, JSON.parse(now) as unknown];
  if (!isJsonObject(before) || !isJsonObject(after)) throw new TypeError('a document must be an object');
  parentPort?.postMessage(compareDocuments(before, after, options));
});
