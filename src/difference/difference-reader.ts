import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

import type { CompareOptions, Difference } from './difference.ts';

/** Two OpenAPI documents as JSON text. */
export interface DocumentPair {
  old: string;
  new: string;
  options: CompareOptions;
}

export interface DifferenceLimits {
  /** Most time one comparison may take. */
  timeoutMs: number;
  /** Most heap of the worker. */
  heapMb: number;
}

/** Two documents of 13 MB need about 1 s and 300 MB. */
export const DIFFERENCE_LIMITS: DifferenceLimits = { timeoutMs: 20_000, heapMb: 768 };

/** Compares documents in worker threads, one after the other, so that heavy ones stall no page. */
export interface DifferenceReader {
  /** null: it took too much time or memory, or a document could not be compared. */
  read(pair: DocumentPair): Promise<Difference | null>;
}

export function createDifferenceReader(limits: DifferenceLimits = DIFFERENCE_LIMITS): DifferenceReader {
  let last: Promise<unknown> = Promise.resolve();
  return {
    read(pair) {
      const next = last.then(() => readInWorker(pair, limits));
      last = next;
      return next;
    },
  };
}

/** A worker for each question: what it needed is given back when it ends. */
async function readInWorker(pair: DocumentPair, { timeoutMs, heapMb }: DifferenceLimits): Promise<Difference | null> {
  const worker = new Worker(new URL('./difference-worker.ts', import.meta.url), {
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: heapMb },
  });
  try {
    const answer = once(worker, 'message', { signal: AbortSignal.timeout(timeoutMs) });
    worker.postMessage(pair);
    const [difference] = (await answer) as [Difference];
    return difference;
  } catch {
    return null;
  } finally {
    // An error after the answer, or while it ends, belongs to nobody.
    worker.on('error', () => undefined);
    await worker.terminate();
  }
}
