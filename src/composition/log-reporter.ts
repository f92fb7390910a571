import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';

/** Errors of one kind are logged once in this time, so that a flood of them cannot fill a disk. */
const LOG_INTERVAL_MS = 1000;

/** Makes a function that logs one kind of error. */
export type Reporter = (message: string) => (error?: unknown) => void;

export function createReporter(log: Log, clock: Clock): Reporter {
  return (message) => {
    let quietUntilMs = 0;
    let suppressed = 0;
    return (error) => {
      const nowMs = clock.nowMs();
      if (nowMs < quietUntilMs) {
        suppressed += 1;
        return;
      }
      log.error({ err: error, suppressed }, message);
      quietUntilMs = nowMs + LOG_INTERVAL_MS;
      suppressed = 0;
    };
  };
}
