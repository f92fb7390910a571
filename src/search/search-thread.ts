import { Worker } from 'node:worker_threads';

import type { SearchGroup, SearchQuestion, SearchSource } from './search.ts';

export type ThreadQuestion =
  | { type: 'begin' }
  | { type: 'add'; id: number; sources: readonly SearchSource[] }
  | { type: 'publish'; id: number }
  | { type: 'search'; id: number; question: SearchQuestion };

export interface ThreadAnswer {
  id: number;
  groups: SearchGroup[];
}

/** The index in a thread of its own: neither making it nor searching delays a page. */
export interface SearchThread {
  /** Makes a new index; until it is complete the present one answers. Rejects when the thread ends. */
  build(sources: AsyncIterable<readonly SearchSource[]>): Promise<void>;
  /** null when too many wait already, or the thread ended. */
  search(question: SearchQuestion): Promise<SearchGroup[] | null>;
  /** Whether there is an index; there is none after the thread had to be replaced. */
  isReady(): boolean;
  close(): Promise<void>;
}

/** 10,000 operations of GitHub's kind need about 150 MB. */
const HEAP_MB = 768;
const MOST_WAITING = 100;

interface Thread {
  worker: Worker;
  waiting: Map<number, { resolve: (groups: SearchGroup[]) => void; reject: (error: Error) => void }>;
}

export function createSearchThread(): SearchThread {
  let thread: Thread | null = null;
  let isReady = false;
  let lastId = 0;
  const ended = (which: Thread, error: Error): void => {
    for (const { reject } of which.waiting.values()) reject(error);
    which.waiting.clear();
    if (thread !== which) return;
    thread = null;
    isReady = false;
  };
  const ask = (question: (id: number) => ThreadQuestion): Promise<SearchGroup[]> => {
    const running = (thread ??= startThread(ended));
    lastId += 1;
    const id = lastId;
    return new Promise((resolve, reject) => {
      running.waiting.set(id, { resolve, reject });
      running.worker.postMessage(question(id));
    });
  };
  return {
    async build(sources) {
      thread ??= startThread(ended);
      const builtBy = thread;
      builtBy.worker.postMessage({ type: 'begin' } satisfies ThreadQuestion);
      for await (const batch of sources) {
        // One batch at a time: searches come in between.
        await ask((id) => ({ type: 'add', id, sources: batch }));
        if (thread !== builtBy) throw new Error('the search thread ended while the index was made');
      }
      await ask((id) => ({ type: 'publish', id }));
      isReady = thread === builtBy;
    },
    async search(question) {
      if (!isReady || (thread?.waiting.size ?? 0) >= MOST_WAITING) return null;
      return ask((id) => ({ type: 'search', id, question })).catch(() => null);
    },
    isReady: () => isReady,
    async close() {
      await thread?.worker.terminate();
    },
  };
}

function startThread(ended: (thread: Thread, error: Error) => void): Thread {
  // No environment: what reads documents that are not ours knows no secret.
  const worker = new Worker(new URL('./search-worker.ts', import.meta.url), {
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
  });
  const thread: Thread = { worker, waiting: new Map() };
  worker.unref();
  worker.on('message', ({ id, groups }: ThreadAnswer) => {
    thread.waiting.get(id)?.resolve(groups);
    thread.waiting.delete(id);
  });
  worker.on('error', (error) => ended(thread, error instanceof Error ? error : new Error(String(error))));
  worker.on('exit', () => ended(thread, new Error('the search thread ended')));
  return thread;
}
