import { version } from '../../platform/version.ts';
import { reasonOf } from './api-client.ts';
import { type Outcome, done, failure } from './outcome.ts';
import { type Terminal, plainText } from './terminal.ts';

const TIMEOUT_MS = 30_000;
const GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
/** Added to the interval when the portal finds it too short (RFC 8628, 3.5). */
const SLOW_DOWN_MS = 5000;

interface Begun {
  device_code: string;
  user_code: string;
  verification_uri: string;
  expires_in: number;
  interval: number;
}

/**
 * Signs in through the browser (RFC 8628): shows an address and a code, and asks until a person has decided.
 * @returns the access token
 */
export async function handOver(terminal: Terminal, url: string, scopes: readonly string[]): Promise<Outcome<string>> {
  const form = { device_name: deviceName(terminal), scope: scopes.join(' ') };
  const begun = await post(terminal, `${url}/api/command-line/authorization`, form);
  if (!begun.ok) return begun;
  if (begun.value.status !== 200) return refused(begun.value.body);
  const { user_code: code, verification_uri: address, device_code, expires_in, interval } = begun.value.body as Begun;
  const minutes = Math.round(expires_in / 60);
  terminal.writeError(
    `Open ${plainText(address)}\nand enter the code ${plainText(code)}\n\nWaiting for you, ${minutes} minutes at most. Ctrl-C ends it.\n`,
  );
  const untilMs = terminal.nowMs() + expires_in * 1000;
  for (let waitMs = interval * 1000; terminal.nowMs() < untilMs;) {
    await terminal.sleep(waitMs);
    const answer = await post(terminal, `${url}/api/command-line/token`, { grant_type: GRANT, device_code });
    // The network may come back while the code is good.
    if (!answer.ok) continue;
    const { access_token: token, error } = answer.value.body as Granted;
    if (token !== undefined) return done(token);
    if (error === 'slow_down') waitMs += SLOW_DOWN_MS;
    else if (error !== 'authorization_pending') return refused(answer.value.body);
  }
  return refused({ error: 'expired_token' });
}

interface Granted {
  access_token?: string;
  error?: string;
}

interface Refused {
  error?: string;
  error_description?: string;
}

function refused(body: unknown): Outcome<never> {
  const { error, error_description: detail } = (body ?? {}) as Refused;
  const messages: Record<string, string> = {
    access_denied: 'It was refused in the browser. Nothing was changed.',
    expired_token: 'The code has expired. Run: gatehouse sign-in',
    invalid_grant: 'The code was used already, or the token could not be made. Run: gatehouse sign-in',
  };
  const message = messages[error ?? ''] ?? plainText(detail ?? 'This portal gives no tokens to programs.');
  return failure('failed', error ?? 'refused', message);
}

async function post(
  terminal: Terminal,
  url: string,
  form: Readonly<Record<string, string>>,
): Promise<Outcome<{ status: number; body: unknown }>> {
  try {
    const response = await terminal.fetch(url, {
      method: 'POST',
      headers: { Accept: 'application/json', 'User-Agent': `gatehouse/${version}` },
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      body: new URLSearchParams(form),
    });
    return done({ status: response.status, body: (await response.json()) as unknown });
  } catch (error) {
    if (error instanceof SyntaxError) {
      return failure('unreachable', 'no_portal', `What answered at ${new URL(url).origin} is no Gatehouse portal.`);
    }
    return failure('unreachable', 'unreachable', `${new URL(url).origin} cannot be reached: ${reasonOf(error)}`);
  }
}

function deviceName({ hostName }: Terminal): string {
  return plainText(hostName).slice(0, 60) || 'unnamed computer';
}
