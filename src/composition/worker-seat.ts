import { Worker } from 'node:worker_threads';

import type { Log } from '../platform/log.ts';
import { type PulseLimits, watchPulse } from '../platform/pulse.ts';
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
  /** Told as soon as a worker is gone: what it held of memory that others wait for. */
  release: () => void;
  /** Whether a worker that does not answer waits for what another one holds: that one is at fault. */
  isWaiting: () => boolean;
  pulse: PulseLimits;
}

/** One of the threads that answer calls, and whoever takes its place when it dies. */
export interface WorkerSeat {
  /** @throws when it cannot listen */
  start(ports: VerifierPorts): Promise<VerifierPorts>;
  /** null while there is none, or it does not answer. */
  tell(): Promise<WorkerReport | null>;
  /** Lets calls under way finish; what was counted is written. */
  stop(): Promise<void>;
  /** Ends the thread at once, as a fault in it would; another one follows. */
  terminate(): Promise<void>;
}

/** Of what it measures. */
const MOST_TELL_MS = 2_000;
/** Of calls under way, when it is to end. */
const MOST_STOP_MS = 10_000;
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

export function createWorkerSeat(deps: SeatDeps): WorkerSeat {
  const { number, log, functions, nowMs, prepare } = deps;
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
      deps.release();
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
      replaceIfSilent(launched);
      void launched.gone.then(() => follow(ports, nowMs() - startedAtMs));
      return opened;
    } catch (error) {
      running = null;
      await launched.worker.terminate();
      await launched.gone;
      throw error;
    }
  }

  function replaceIfSilent({ worker, calls, gone }: Running): void {
    const end = (): void => {
      if (deps.isWaiting()) return;
      log.error({ number }, 'a worker of the verifier does not answer; it is ended');
      void worker.terminate();
    };
    const watch = watchPulse(() => calls.remote.pulse(), end, deps.pulse);
    void gone.then(() => watch.stop());
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
    tell: () => within(MOST_TELL_MS, running?.calls.remote.tell()).catch(() => null),
    async stop() {
      isStopping = true;
      const ending = running;
      if (!ending) return;
      // One that dies meanwhile has its journal.
      await within(MOST_STOP_MS, ending.calls.remote.stop()).catch(() => undefined);
      await ending.worker.terminate();
      await ending.gone;
    },
    async terminate() {
      await running?.worker.terminate();
    },
  };
}

/** null when it takes longer, or is not asked at all. */
async function within<Result>(mostMs: number, work: Promise<Result> | undefined): Promise<Result | null> {
  if (!work) return null;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => (timer = setTimeout(resolve, mostMs, null)));
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
