import { Worker } from 'node:worker_threads';

import type { Log } from '../platform/log.ts';
import { type ThreadCalls, connectThreads } from '../platform/thread-calls.ts';
import type { VerifierPorts } from './serve-calls.ts';
import type { MainFunctions, WorkerFunctions, WorkerReport, WorkerStart } from './worker-functions.ts';

export interface SeatDeps {
  /** Above 0. */
  number: number;
  log: Log;
  functions: MainFunctions;
  nowMs: () => number;
  /** What the next worker goes on with, when the one before has ended however it ended. */
  prepare: () => Promise<WorkerStart>;
}

/** One of the threads that answer calls, and whoever takes its place when it dies. */
export interface WorkerSeat {
  /** @throws when it cannot listen */
  start(ports: VerifierPorts): Promise<VerifierPorts>;
  /** null while there is none. */
  tell(): Promise<WorkerReport | null>;
  /** Lets calls under way finish; what was counted is written. */
  stop(): Promise<void>;
  /** Ends the thread at once, as a fault in it would; another one follows. */
  terminate(): Promise<void>;
}

const FIRST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 5_000;
/** A worker that ran this long was healthy: its next failure is a new one. */
const HEALTHY_MS = 30_000;

interface Running {
  worker: Worker;
  calls: ThreadCalls<WorkerFunctions>;
  /** When it is gone, and all that it asked for is done. */
  gone: Promise<void>;
}

export function createWorkerSeat({ number, log, functions, nowMs, prepare }: SeatDeps): WorkerSeat {
  let running: Running | null = null;
  let isStopping = false;
  let failures = 0;

  async function launch(): Promise<Running> {
    const worker = new Worker(new URL('./verifier-worker.ts', import.meta.url), {
      workerData: await prepare(),
      name: `verifier ${number}`,
    });
    const calls = connectThreads<WorkerFunctions>(worker, functions);
    worker.on('error', (error) => log.error({ err: error, number }, 'a worker of the verifier failed'));
    const gone = new Promise<void>((resolve) => worker.once('exit', () => resolve())).then(() => {
      calls.end('the worker has ended');
      return calls.settled();
    });
    return { worker, calls, gone };
  }

  async function start(ports: VerifierPorts): Promise<VerifierPorts> {
    const launched = await launch();
    const startedAtMs = nowMs();
    running = launched;
    try {
      if (isStopping) throw new Error('the verifier is ending');
      const opened = await launched.calls.remote.start(ports);
      void launched.gone.then(() => follow(ports, nowMs() - startedAtMs));
      return opened;
    } catch (error) {
      running = null;
      await launched.worker.terminate();
      await launched.gone;
      throw error;
    }
  }

  /** Another one takes the place of the one that ended; after a while, if that was young. */
  async function follow(ports: VerifierPorts, ranMs: number): Promise<void> {
    running = null;
    if (ranMs >= HEALTHY_MS) failures = 0;
    const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** failures, LONGEST_PAUSE_MS);
    failures += 1;
    if (!isStopping) log.error({ number, pauseMs }, 'a worker of the verifier ended; it is started again');
    await new Promise((resolve) => setTimeout(resolve, isStopping ? 0 : pauseMs));
    if (!isStopping) await start(ports).catch((error: unknown) => failed(ports, error));
  }

  function failed(ports: VerifierPorts, error: unknown): Promise<void> {
    log.error({ err: error, number }, 'a worker of the verifier could not be started again');
    return follow(ports, 0);
  }

  return {
    start,
    tell: () => running?.calls.remote.tell().catch(() => null) ?? Promise.resolve(null),
    async stop() {
      isStopping = true;
      const ending = running;
      if (!ending) return;
      // One that dies meanwhile has its journal.
      await ending.calls.remote.stop().catch(() => undefined);
      await ending.worker.terminate();
      await ending.gone;
    },
    async terminate() {
      await running?.worker.terminate();
    },
  };
}
