import pino from 'pino';

export type Log = pino.Logger;

/** Header and field names whose values never reach a log line (rule 7; yardstick A25). */
const redacted = ['authorization', 'x-api-key', 'cookie', 'set-cookie', 'token', 'password', 'secret'];

/** One JSON line per event on standard error, so that standard output stays for people. */
export function createLog(name: string, level: string): Log {
  return pino(
    {
      name,
      level,
      base: { process: name },
      redact: { paths: redacted.flatMap((path) => [path, `*.${path}`, `*["${path}"]`]), censor: '[redacted]' },
    },
    pino.destination(2),
  );
}
