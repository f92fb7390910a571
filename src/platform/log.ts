import pino from 'pino';

import { systemClock } from './clock.ts';
import { createLogDestination } from './log-destination.ts';

export type Log = pino.Logger;

/** Header and field names whose values never reach a log line (rule 7; yardstick A25). */
const redacted = ['authorization', 'x-api-key', 'cookie', 'set-cookie', 'token', 'password', 'secret'];

const WARN = 40;

const standardError = createLogDestination(2, (lines) => {
  const msg = 'lines of the log are missing: they could not be written';
  return `${JSON.stringify({ level: WARN, time: systemClock.nowMs(), lines, msg })}\n`;
});
process.on('exit', () => standardError.flushSync());

/** One JSON line per event on standard error, so that standard output stays for people. */
export function createLog(name: string, level: string): Log {
  return pino(
    {
      name,
      level,
      base: { process: name },
      redact: { paths: redacted.flatMap((path) => [path, `*.${path}`, `*["${path}"]`]), censor: '[redacted]' },
    },
    standardError,
  );
}
