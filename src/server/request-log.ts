import type { IncomingMessage, ServerResponse } from 'node:http';

import type { ClientAddressResolver } from '../platform/client-address.ts';
import { monotonicMs } from '../platform/clock.ts';
import type { DurationHistogram } from '../platform/duration-histogram.ts';
import { parseIpAddress } from '../platform/ip-address.ts';
import type { Log } from '../platform/log.ts';
import type { Random } from '../platform/random.ts';
import { REQUEST_ID_HEADER, createRequestIds } from '../platform/request-id.ts';
import { createRefusalPace } from './refusal-pace.ts';

export interface RequestLogDeps {
  log: Log;
  resolver: ClientAddressResolver;
  random: Random;
  durations: DurationHistogram;
}

/** Names a request, and notes how it was answered. @returns its id, which the answer carries too */
export type RequestLog = (request: IncomingMessage, response: ServerResponse) => string;

/** What may be a token: long, with letters of both cases or digits between them. Names in addresses are lower-case. */
const LIKE_A_TOKEN = /^(?=.*[A-Z])(?=.*[a-z0-9])[\w.~-]{28,}$/;

/**
 * One line of the level `info` for each request. What is refused is of the level `warn` and has the client's address, so
 * that it can be looked into and acted on (ASVS 16.3.2, 16.3.3). The query is left out, and so is what looks like a token.
 */
export function createRequestLog({ log, resolver, random, durations }: RequestLogDeps): RequestLog {
  const idOf = createRequestIds(random);
  const pace = createRefusalPace();
  return (request, response) => {
    const startedMs = monotonicMs();
    const { method = '', url = '', headers, socket } = request;
    const given = headers['x-request-id'];
    const forwarded = headers['x-forwarded-for'];
    // Asked for now: a closed socket has no address any more.
    const address = resolver.resolve(socket.remoteAddress, typeof forwarded === 'string' ? forwarded : undefined)?.text;
    const requestId = idOf(typeof given === 'string' ? given : undefined, isTrusted(resolver, socket.remoteAddress));
    response.setHeader(REQUEST_ID_HEADER, requestId);
    response.once('close', () => {
      const tookMs = monotonicMs() - startedMs;
      const { statusCode: status } = response;
      durations.observe(`${METHODS.has(method) ? method : 'other'} ${Math.floor(status / 100)}xx`, tookMs / 1000);
      const line = { requestId, method, path: loggedPath(url), status, tookMs: Math.round(tookMs) };
      const refusal = pace.note(status, monotonicMs());
      if (refusal.isTold)
        log.warn({ ...line, address, ...(refusal.untold > 0 && { untold: refusal.untold }) }, 'refused');
      else log.info(line, 'request');
    });
    return requestId;
  };
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']);

export function loggedPath(url: string): string {
  const [path = ''] = url.split('?', 1);
  return path
    .slice(0, 512)
    .split('/')
    .map((segment) => (LIKE_A_TOKEN.test(segment) ? '[…]' : segment))
    .join('/');
}

function isTrusted(resolver: ClientAddressResolver, peer: string | undefined): boolean {
  const address = parseIpAddress(peer ?? '');
  return address !== null && resolver.trusts(address);
}
