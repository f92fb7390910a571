import { createHash } from 'node:crypto';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';

import { closeServer, listen } from '../../src/verify/http-server.ts';

export const TYK_SECRET = 'secret-of-the-control-api';

/** What may differ between two gateways, and what can go wrong with one. */
export interface FakeTykConfig {
  /** `hash_keys` */
  hashesKeys: boolean;
  /** `hash_key_function`; null is murmur32 */
  hashFunction: 'sha256' | 'murmur64' | null;
  allowsMasterKeys: boolean;
  minTokenLength: number;
  /** How long a session that a call met is used without asking Redis; 0 with `disable_cached_session_state`. */
  cacheMs: number;
  /** Answers every call with this status and nothing else; null answers properly. */
  brokenWith: number | null;
}

export type Session = Record<string, unknown>;

export interface FakeTyk {
  url: string;
  config: FakeTykConfig;
  /** Redis: sessions by hash. */
  sessions: Map<string, Session>;
  /** Quota counters, by scope and hash or `rate_limit_pattern`; what sets one back sets back that of the hash. */
  counters: Map<string, number>;
  /** Method, path and query of every call, oldest first. */
  calls: string[];
  /** How a call to an API ends: the status and message of the gateway. */
  callApi(token: string, apiId: string, method: string, path: string): { status: number; message: string };
  loseEverything(): void;
  now(): number;
  setNow(atMs: number): void;
  close(): Promise<void>;
}

const ORG = 'portal';

/**
 * The control API of Tyk's gateway as far as keys go, with its quirks, each of which is read from the source of the
 * gateway (gateway/api.go, auth_manager.go, mw_auth_key.go, mw_granular_access.go, user/session.go).
 */
export async function startFakeTyk(nowMs: number, changes: Partial<FakeTykConfig> = {}): Promise<FakeTyk> {
  const config: FakeTykConfig = {
    hashesKeys: true,
    hashFunction: 'sha256',
    allowsMasterKeys: false,
    minTokenLength: 3,
    cacheMs: 0,
    brokenWith: null,
    ...changes,
  };
  const time = { nowMs };
  const sessions = new Map<string, Session>();
  const counters = new Map<string, number>();
  const cache = new Map<string, { session: Session; untilMs: number }>();
  const calls: string[] = [];
  const resetCounters = (hash: string): void => {
    for (const name of counters.keys()) if (name.endsWith(`-${hash}`)) counters.delete(name);
  };
  const seconds = (): number => Math.floor(time.nowMs / 1000);
  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
    calls.push(`${incoming.method ?? ''} ${incoming.url ?? ''}`);
    const [status, body] = handle(incoming, Buffer.concat(chunks).toString('utf8'));
    outgoing.writeHead(status, { 'Content-Type': 'application/json' });
    outgoing.end(JSON.stringify(body));
  };
  const handle = (incoming: IncomingMessage, text: string): [number, unknown] => {
    if (config.brokenWith !== null) return [config.brokenWith, {}];
    if (incoming.headers['x-tyk-authorization'] !== TYK_SECRET) {
      return [403, failure('Attempted administrative access with invalid or missing key!')];
    }
    const url = new URL(incoming.url ?? '', 'http://tyk.test');
    const name = /^\/tyk\/keys\/([^/]+)$/.exec(url.pathname)?.[1];
    if (name === undefined) return [404, 'Not found'];
    const request = { name: decodeURIComponent(name), query: url.searchParams, text };
    // Any value that is not empty counts as true.
    const isHashed = (url.searchParams.get('hashed') ?? '') !== '';
    if (isHashed && !config.hashesKeys) return [400, failure('Key requested by hash but key hashing is not enabled')];
    const hash = isHashed ? request.name : storedName(config, request.name, url.searchParams.get('org_id') ?? '');
    switch (incoming.method ?? '') {
      case 'POST':
        return add(request);
      case 'PUT':
        return replace(request, hash);
      case 'GET': {
        const session = sessions.get(hash);
        return session ? [200, { ...session, quota_remaining: 0, last_updated: '0' }] : [404, failure('Key not found')];
      }
      case 'DELETE':
        if (url.searchParams.get('api_id') === '-1') return [200, null];
        resetCounters(hash);
        return sessions.delete(hash)
          ? [200, { key: request.name, status: 'ok', action: 'deleted' }]
          : [404, failure('There is no such key found')];
      default:
        return [405, failure('Method not supported')];
    }
  };
  const add = ({ name, text }: { name: string; text: string }): [number, unknown] => {
    if (name.length < config.minTokenLength) return [400, failure('Key is too short')];
    const session = JSON.parse(text) as Session;
    if (!mayBeStored(session, config))
      return [500, failure('Failed to create key, ensure security settings are correct.')];
    const hash = storedName(config, name, String(session.org_id));
    const expires = Number(session.expires ?? 0);
    sessions.set(hash, {
      ...session,
      ...(expires > 1 && expires < seconds() ? { expires: 0 } : {}),
      date_created: '2026',
    });
    resetCounters(hash);
    return [200, { key: name, status: 'ok', action: 'added', ...(config.hashesKeys ? { key_hash: hash } : {}) }];
  };
  const replace = ({ query, text }: { query: URLSearchParams; text: string }, hash: string): [number, unknown] => {
    const former = sessions.get(hash);
    if (!former) return [404, failure('Key is not found')];
    const session = JSON.parse(text) as Session;
    if (!mayBeStored(session, config))
      return [500, failure('Failed to create key, ensure security settings are correct.')];
    const expires = Number(session.expires ?? 0);
    // The whole session is replaced, except for its date; an end in the past is ignored and the former one stays.
    const kept = expires > 1 && expires < seconds() ? { expires: former.expires } : {};
    sessions.set(hash, { ...session, ...kept, date_created: former.date_created });
    if (query.get('suppress_reset') !== '1') resetCounters(hash);
    return [200, { key: hash, status: 'ok', action: 'modified' }];
  };
  const server: Server = createServer((incoming, outgoing) => void answer(incoming, outgoing));
  const port = await listen(server, '127.0.0.1', 0);
  return {
    url: `http://127.0.0.1:${port}`,
    config,
    sessions,
    counters,
    calls,
    callApi(token, apiId, method, path) {
      const hash = storedName(config, token, ORG);
      const cached = cache.get(token);
      const session = cached && cached.untilMs > time.nowMs ? cached.session : sessions.get(hash);
      if (!session) return { status: 403, message: 'Access to this API has been disallowed' };
      if (config.cacheMs > 0) cache.set(token, { session, untilMs: time.nowMs + config.cacheMs });
      return callWith(session, { apiId, method, path }, hash, counters, seconds());
    },
    loseEverything() {
      sessions.clear();
      counters.clear();
    },
    now: () => time.nowMs,
    setNow(atMs) {
      time.nowMs = atMs;
    },
    close: () => closeServer(server),
  };
}

function failure(message: string): object {
  return { status: 'error', message };
}

/** A session without access rights is a master key. */
function mayBeStored({ access_rights: rights }: Session, { allowsMasterKeys }: FakeTykConfig): boolean {
  const isRestricted = typeof rights === 'object' && rights !== null && Object.keys(rights).length > 0;
  return isRestricted || allowsMasterKeys;
}

/** With a hash function, a custom key is wrapped with its org before it is hashed: a wrong org finds another name. */
function storedName({ hashesKeys, hashFunction }: FakeTykConfig, name: string, org: string): string {
  const wrapped = hashFunction === null || org === '' ? name : JSON.stringify({ org, id: name, h: hashFunction });
  if (!hashesKeys) return wrapped;
  const digest = createHash('sha256').update(wrapped).digest('hex');
  return org !== '' && hashFunction === 'sha256' ? digest : digest.slice(0, hashFunction === 'murmur64' ? 16 : 8);
}

interface Rights {
  allowed_urls?: { url: string; methods: string[] }[];
  allowance_scope?: string;
  limit?: { quota_max?: number };
}

/** The order of the gateway's middleware: key, state, expiry, API, path, quota. */
function callWith(
  session: Session,
  { apiId, method, path }: { apiId: string; method: string; path: string },
  hash: string,
  counters: Map<string, number>,
  nowSeconds: number,
): { status: number; message: string } {
  const expires = Number(session.expires ?? 0);
  if (session.is_inactive === true) return { status: 403, message: 'Key is inactive, please renew' };
  if (expires >= 1 && expires < nowSeconds) return { status: 401, message: 'Key has expired, please renew' };
  const rights = (session.access_rights as Record<string, Rights> | undefined)?.[apiId];
  if (!rights) return { status: 403, message: 'Access to this API has been disallowed' };
  const urls = rights.allowed_urls ?? [];
  const isOpen =
    urls.length === 0 || urls.some(({ url, methods }) => new RegExp(url).test(path) && methods.includes(method));
  if (!isOpen) return { status: 403, message: 'Access to this resource has been disallowed' };
  const pattern = (session.meta_data as Record<string, string> | undefined)?.rate_limit_pattern;
  const counter = `${rights.allowance_scope ?? ''}-${pattern ?? hash}`;
  const used = (counters.get(counter) ?? 0) + 1;
  counters.set(counter, used);
  const most = rights.limit?.quota_max ?? -1;
  return most > 0 && used > most ? { status: 403, message: 'Quota exceeded' } : { status: 200, message: '' };
}
