import { version } from '../../platform/version.ts';
import { reasonOf } from './api-client.ts';
import { type Work, textOption } from './command.ts';
import { DURATION_HINT, parseDuration } from './duration.ts';
import { type Outcome, done, failure, wrongUse } from './outcome.ts';

const EVERY_MS = 2000;
const TIMEOUT_MS = 10_000;
const DEFAULT_WITHIN = '60s';

/** A call that proves that the new key works where it is used. */
export interface Check {
  url: string;
  withinMs: number;
}

export const checkOptions = [
  ['--check-url <url>', 'then call this URL with the new key as bearer, until the answer is 2xx'],
  ['--check-within <duration>', `how long to try it, ${DEFAULT_WITHIN} unless you say otherwise`],
] as const;

export function readCheck(work: Work): Outcome<Check | null> {
  const text = textOption(work, 'checkUrl');
  const within = textOption(work, 'checkWithin') ?? DEFAULT_WITHIN;
  const seconds = parseDuration(within);
  if (seconds === null) return wrongUse(`--check-within is ${DURATION_HINT}.`);
  if (text === undefined) return done(null);
  const url = URL.parse(text);
  const isLocal = url && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
  if (!url || (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLocal))) {
    return wrongUse('--check-url is an https URL: the key is sent to it.');
  }
  return done({ url: url.href, withinMs: seconds * 1000 });
}

/** Calls with the new key until it is accepted. Follows no redirect. */
export async function checkKey({ terminal }: Work, { url, withinMs }: Check, token: string): Promise<Outcome<null>> {
  const headers = { Authorization: `Bearer ${token}`, 'User-Agent': `gatehouse/${version}` };
  const untilMs = terminal.nowMs() + withinMs;
  for (;;) {
    const answer = await answerOf(
      terminal.fetch(url, {
        headers,
        redirect: 'manual',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      }),
    );
    if (answer === null) return done(null);
    if (terminal.nowMs() + EVERY_MS > untilMs) {
      const next = 'The old key goes on working until its overlap ends. Run the same command again to try once more.';
      return failure('checkFailed', 'check_failed', `The new key is not accepted at ${url} (${answer}). ${next}`);
    }
    await terminal.sleep(EVERY_MS);
  }
}

/** null for 2xx. */
async function answerOf(asked: Promise<Response>): Promise<string | null> {
  try {
    const response = await asked;
    await response.body?.cancel();
    return response.ok ? null : `status ${response.status}`;
  } catch (error) {
    return reasonOf(error);
  }
}
