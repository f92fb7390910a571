import { type Adapter, type DatabaseSession, Lucia, TimeSpan } from 'lucia';

import { systemClock } from '../platform/clock.ts';
import { hmacSha256 } from '../platform/hash.ts';
import type { Random } from '../platform/random.ts';
import {
  type Account,
  OWNER_ABSOLUTE_MS,
  OWNER_IDLE_MS,
  type RequestOrigin,
  SESSION_ABSOLUTE_MS,
  SESSION_IDLE_MS,
} from '../accounts/account.ts';
import { newToken } from '../email-addresses/one-time-token.ts';
import type { SessionRow, SessionStore } from './session-store.ts';

type SessionAttributes = Pick<SessionRow, 'created_at_ms' | 'last_used_at_ms' | 'rested' | 'user_agent' | 'address'>;

declare module 'lucia' {
  interface Register {
    Lucia: ReturnType<typeof luciaAt>;
    DatabaseSessionAttributes: SessionAttributes;
    DatabaseUserAttributes: { account: Account };
  }
}

export interface Sessions {
  /** Always a new one, whatever cookie came with the request (yardstick A6). */
  start(accountId: string, origin: RequestOrigin, nowMs: number): Promise<{ token: string; expiresAtMs: number }>;
  /** The account behind a cookie value; null for none, expired or suspended. May renew the idle lifetime. */
  find(token: string, nowMs: number): Promise<FoundSession | null>;
  end(token: string, nowMs: number): Promise<void>;
}

export interface FoundSession {
  /** What the database knows it by; opens nothing. */
  id: string;
  account: Account;
  signedInAtMs: number;
  /** Whether it is young enough, and was used often enough, for what owners may do. */
  isFresh: boolean;
  /** Set when this look renewed the idle lifetime. */
  renewedUntilMs: number | null;
}

const LONGEST_USER_AGENT = 200;
const LEEWAY_MS = 1000;
/** When a session was last used is written down no more often than this. */
const USE_NOTED_EVERY_MS = 5 * 60 * 1000;

/** lucia stores what the cookie holds; here it is given an HMAC instead, so that a stolen database opens no session. */
export function createSessions(deps: { store: SessionStore; sessionSecret: Uint8Array; random: Random }): Sessions {
  const idOf = (token: string): string => Buffer.from(hmacSha256(deps.sessionSecret, token)).toString('hex');
  return {
    async start(accountId, origin, nowMs) {
      const token = newToken(deps.random);
      const userAgent = origin.userAgent.slice(0, LONGEST_USER_AGENT);
      const attributes = {
        created_at_ms: nowMs,
        last_used_at_ms: nowMs,
        rested: 0,
        user_agent: userAgent,
        address: origin.address,
      };
      await luciaAt(deps.store, nowMs).createSession(accountId, attributes, { sessionId: idOf(token) });
      return { token, expiresAtMs: nowMs + SESSION_IDLE_MS };
    },
    async find(token, nowMs) {
      const { session, user } = await luciaAt(deps.store, nowMs).validateSession(idOf(token));
      if (!session) return null;
      const { account } = user;
      const { id, created_at_ms: signedInAtMs } = session;
      const unusedMs = nowMs - session.last_used_at_ms;
      const hasRested = session.rested === 1 || unusedMs > OWNER_IDLE_MS;
      if (unusedMs >= USE_NOTED_EVERY_MS) await deps.store.touch(id, nowMs, hasRested);
      const isFresh = !hasRested && nowMs - signedInAtMs < OWNER_ABSOLUTE_MS;
      const renewedUntilMs = Math.min(nowMs + SESSION_IDLE_MS, signedInAtMs + SESSION_ABSOLUTE_MS);
      return { id, account, signedInAtMs, isFresh, renewedUntilMs: session.fresh ? renewedUntilMs : null };
    },
    end: (token, nowMs) => luciaAt(deps.store, nowMs).invalidateSession(idOf(token)),
  };
}

function luciaAt(store: SessionStore, nowMs: number) {
  return new Lucia(adapterAt(store, nowMs), {
    sessionExpiresIn: new TimeSpan(SESSION_IDLE_MS, 'ms'),
    getSessionAttributes: ({ created_at_ms, last_used_at_ms, rested }) => ({ created_at_ms, last_used_at_ms, rested }),
    getUserAttributes: ({ account }) => ({ account }),
  });
}

/**
 * lucia reads the machine's clock itself; times are shifted by the difference, so that ours stays an argument.
 * Whether a session has expired is decided by the store; the leeway keeps the ticking clock from deciding otherwise.
 */
function adapterAt(store: SessionStore, nowMs: number): Adapter {
  const shiftMs = systemClock.nowMs() - nowMs + LEEWAY_MS;
  const toLucia = ({ id, account_id: userId, expires_at_ms, ...attributes }: SessionRow): DatabaseSession => {
    return { id, userId, expiresAt: new Date(expires_at_ms + shiftMs), attributes };
  };
  return {
    async getSessionAndUser(id) {
      const found = await store.find(id, nowMs);
      if (!found) return [null, null];
      return [toLucia(found.session), { id: found.account.id, attributes: { account: found.account } }];
    },
    getUserSessions: async (accountId) => (await store.listOf(accountId, nowMs)).map(toLucia),
    setSession: ({ id, userId, attributes }) =>
      store.start({ id, account_id: userId, expires_at_ms: nowMs + SESSION_IDLE_MS, ...attributes }),
    updateSessionExpiration: (id) => store.prolong(id, nowMs + SESSION_IDLE_MS),
    deleteSession: (id) => store.end(id, nowMs),
    deleteUserSessions: (accountId) => store.endAllOf(accountId, nowMs),
    deleteExpiredSessions: () => store.removeExpired(nowMs),
  };
}
