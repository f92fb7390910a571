import { Worker } from 'node:worker_threads';

import type { ImpactReader } from '../notices/read-notice-impact.ts';
import type { Config } from '../settings/config.ts';
import { type ThreadCalls, connectThreads } from '../platform/thread-calls.ts';

/** Where the thread finds what it reads. */
export type ImpactStart = Pick<Config, 'databaseUrl' | 'usageDatabaseUrl'>;

/** What may be asked of the thread. */
export interface ImpactFunctions {
  read: ImpactReader;
}

export interface ImpactThread {
  /** Rejects when the thread ends meanwhile. */
  read: ImpactReader;
  close(): Promise<void>;
}

interface Running {
  worker: Worker;
  calls: ThreadCalls<ImpactFunctions>;
}

/**
 * Reads whom notices concern in a thread with connections of its own, begun when it is needed first: over 100,000 keys that
 * takes most of a second, in which nobody would get a page.
 */
export function createImpactThread({ databaseUrl, usageDatabaseUrl }: ImpactStart): ImpactThread {
  let running: Running | null = null;

  function launch(): Running {
    const worker = new Worker(new URL('./impact-worker.ts', import.meta.url), {
      workerData: { databaseUrl, usageDatabaseUrl } satisfies ImpactStart,
      name: 'impact of notices',
    });
    worker.unref();
    const calls = connectThreads<ImpactFunctions>(worker, {});
    const launched = { worker, calls };
    const ended = (reason: string): void => {
      calls.end(reason);
      if (running === launched) running = null;
    };
    worker.on('error', (error) => ended(error instanceof Error ? error.message : String(error)));
    worker.on('exit', () => ended('the thread that reads impacts has ended'));
    return launched;
  }

  return {
    read: (notice, nowMs) => (running ??= launch()).calls.remote.read(notice, nowMs),
    async close() {
      await running?.worker.terminate();
    },
  };
}
