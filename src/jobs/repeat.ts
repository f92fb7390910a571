import type { Log } from '../platform/log.ts';

/** Something that runs beside requests. */
export interface Job {
  /** Resolves when what is under way is done. */
  stop(): Promise<void>;
}

export interface Repeated {
  everyMs: number;
  work: () => Promise<unknown>;
  log: Log;
  /** What to say when it fails; the next time it is tried again. */
  failure: string;
}

/** Does something now and again and again, never twice at once: a time that comes while it is under way is left out. */
export function repeat({ everyMs, work, log, failure }: Repeated): Job {
  let running: Promise<void> | null = null;
  const run = (): void => {
    running ??= work()
      .then(() => undefined)
      .catch((error: unknown) => log.error({ err: error }, failure))
      .finally(() => {
        running = null;
      });
  };
  run();
  const timer = setInterval(run, everyMs);
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}
