import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

import type { Format } from './document-source.ts';
import type { DocumentResult } from './openapi-document.ts';

export interface DocumentLimits {
  /** Most time one document may take, once the worker runs. */
  timeoutMs: number;
  /** Most heap of the worker. */
  heapMb: number;
}

/** GitHub's REST description (13 MB, 1,200 operations) needs about 4 s on a small machine. */
export const DOCUMENT_LIMITS: DocumentLimits = { timeoutMs: 20_000, heapMb: 256 };

/** Reads documents in a worker thread, so that a heavy one neither stalls nor ends the process. */
export interface DocumentReader {
  read(text: string, format: Format): Promise<DocumentResult>;
  close(): Promise<void>;
}

/** One question at a time; a worker that had to be ended is replaced at the next question. */
export function createDocumentReader(limits: DocumentLimits = DOCUMENT_LIMITS): DocumentReader {
  let worker: Worker | null = null;
  const end = async (): Promise<void> => {
    const ended = worker;
    worker = null;
    await ended?.terminate();
  };
  return {
    async read(text, format) {
      worker ??= startWorker(limits);
      const signal = AbortSignal.timeout(limits.timeoutMs);
      try {
        const answer = once(worker, 'message', { signal });
        worker.postMessage({ text, format });
        const [result] = (await answer) as [DocumentResult];
        return result;
      } catch (error) {
        await end();
        const reason = signal.aborted ? `takes more than ${limits.timeoutMs / 1000} s to read` : explain(error, limits);
        return { ok: false, problems: [{ line: null, reason }] };
      }
    },
    close: end,
  };
}

function startWorker(limits: DocumentLimits): Worker {
  // No environment: what parses untrusted text knows no secret.
  const worker = new Worker(new URL('./document-worker.ts', import.meta.url), {
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: limits.heapMb },
  });
  // The waiting question learns of an error; between questions it must not end the process.
  worker.on('error', () => undefined);
  return worker;
}

function explain(error: unknown, limits: DocumentLimits): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'ERR_WORKER_OUT_OF_MEMORY'
    ? `needs more than ${limits.heapMb} MB of memory to read`
    : `cannot be read: ${message}`;
}
