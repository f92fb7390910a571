import { parentPort } from 'node:worker_threads';

import { type Format, type JsonObject, isJsonObject, readSource } from '../catalog/document-source.ts';
import { readOpenApiSource } from '../catalog/openapi-document.ts';
import { lintDocument } from './lint-document.ts';
import type { InspectAnswer } from './document-inspector.ts';

/** Runs in a worker thread of `document-inspector.ts`: reads one document, then lints it, then ends. */
parentPort?.once('message', ({ text, format }: { text: string; format: Format }) => void inspect(text, format));
answer({ kind: 'ready' });

async function inspect(text: string, format: Format): Promise<void> {
  const read = readSource(text, format);
  if (!read.ok) {
    answer({ kind: 'document', result: read });
    return;
  }
  const { source } = read;
  // Reading uses the value up, and the lint looks at what the owner wrote.
  const written = structuredClone(source.value);
  const result = await readOpenApiSource(source);
  answer({ kind: 'document', result });
  if (result.ok && isJsonObject(written)) await lint(text, source, written);
}

async function lint(text: string, source: Parameters<typeof lintDocument>[1], written: JsonObject): Promise<void> {
  try {
    answer({ kind: 'lint', report: await lintDocument(text, source, written) });
  } catch {
    // Its own mistakes, or a stack too deep: neither says anything about whether the document may be published.
    answer({ kind: 'lint', report: { ok: false, reason: 'The lint cannot follow this document.' } });
  }
}

function answer(message: InspectAnswer): void {
  parentPort?.postMessage(message);
}
