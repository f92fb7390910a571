import type { TykSession } from './tyk-session.ts';

/** What Tyk's gateway answers about keys; `unreachable` and `refused` may pass, the others need somebody. */
export interface TykFailure {
  ok: false;
  reason: 'unreachable' | 'wrong_secret' | 'refused' | 'not_hashed' | 'weak_hash';
}
export type TykAnswer<Value> = { ok: true; value: Value } | TykFailure;

/** The part of Tyk's gateway API that has to do with keys. None of it throws. */
export interface TykClient {
  /** The only call that carries a token. Gives the hash under which Tyk has it. */
  importKey(token: string, session: TykSession): Promise<TykAnswer<string>>;
  /** Replaces the session and leaves its counters as they are; false when there is no such key. */
  updateKey(hash: string, session: TykSession): Promise<TykAnswer<boolean>>;
  /** null when there is no such key. */
  readKey(hash: string): Promise<TykAnswer<Readonly<Record<string, unknown>> | null>>;
  /** Fine, too, when there is no such key. */
  removeKey(hash: string): Promise<TykAnswer<true>>;
}

export interface TykClientSettings {
  /** Origin of the gateway's control API. */
  url: string;
  secret: string;
  orgId: string;
  timeoutMs: number;
}

interface Reply {
  status: number;
  body: Readonly<Record<string, unknown>>;
}

/** Of SHA-256, in hexadecimal. Tyk's other hashes have at most 128 bits and no resistance to collisions. */
const SHA256 = /^[0-9a-f]{64}$/;
const MOST_BYTES = 1024 * 1024;

export function createTykClient(settings: TykClientSettings): TykClient {
  const ask = (method: string, path: string, session?: TykSession) => askTyk(settings, method, path, session);
  return {
    async importKey(token, session) {
      const answer = await ask('POST', `/tyk/keys/${encodeURIComponent(token)}`, session);
      if (!answer.ok) return answer;
      if (answer.value.status !== 200) return refused;
      const { key_hash: hash } = answer.value.body;
      if (typeof hash === 'string' && SHA256.test(hash)) return { ok: true, value: hash };
      // Such a key is not to stay: in clear text it could be read, under a weak hash another one could be taken for it.
      await ask('DELETE', `/tyk/keys/${encodeURIComponent(token)}?org_id=${encodeURIComponent(settings.orgId)}`);
      return { ok: false, reason: typeof hash === 'string' ? 'weak_hash' : 'not_hashed' };
    },
    async updateKey(hash, session) {
      const answer = await ask('PUT', `/tyk/keys/${hash}?hashed=1&suppress_reset=1`, session);
      return answer.ok ? found(answer.value, () => true, false) : answer;
    },
    async readKey(hash) {
      const answer = await ask('GET', `/tyk/keys/${hash}?hashed=1`);
      return answer.ok ? found(answer.value, (body) => body, null) : answer;
    },
    async removeKey(hash) {
      const answer = await ask('DELETE', `/tyk/keys/${hash}?hashed=1`);
      return answer.ok ? found<true, true>(answer.value, () => true, true) : answer;
    },
  };
}

const refused: TykFailure = { ok: false, reason: 'refused' };

/** A 404 counts only in Tyk's own words: that of a wrong address must not pass for a lost key. */
function found<Value, None>(
  { status, body }: Reply,
  value: (body: Reply['body']) => Value,
  none: None,
): TykAnswer<Value | None> {
  if (status === 200) return { ok: true, value: value(body) };
  const isTyks = body.status === 'error' && typeof body.message === 'string' && /key/i.test(body.message);
  return status === 404 && isTyks ? { ok: true, value: none } : refused;
}

async function askTyk(
  { url, secret, timeoutMs }: TykClientSettings,
  method: string,
  path: string,
  session?: TykSession,
): Promise<TykAnswer<Reply>> {
  try {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { 'X-Tyk-Authorization': secret, 'Content-Type': 'application/json' },
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
      ...(session ? { body: JSON.stringify(session) } : {}),
    });
    const text = await response.text();
    if (response.status === 403) return { ok: false, reason: 'wrong_secret' };
    return { ok: true, value: { status: response.status, body: readObject(text) } };
  } catch {
    // The error of a failed request may name its address, in which the token stands.
    return { ok: false, reason: 'unreachable' };
  }
}

function readObject(text: string): Reply['body'] {
  if (text.length > MOST_BYTES) return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Reply['body']) : {};
  } catch {
    return {};
  }
}
