import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';

import type { ClientAddressResolver } from '../platform/client-address.ts';
import type { IpAddress } from '../platform/ip-address.ts';
import type { Problem } from '../platform/problem.ts';
import { createBatch } from './batch.ts';
import { type CallHeaders, readCallHeaders } from './call-headers.ts';
import * as caddy from './caddy.ts';
import * as haproxy from './haproxy.ts';
import { createHttpServer } from './http-server.ts';
import * as json from './json.ts';
import * as nginx from './nginx.ts';
import { refused } from './verdict.ts';
import type { Answer, Verifier } from './verifier.ts';
import { writeProblem } from './write-problem.ts';

export interface ListenerDeps {
  verifier: Verifier;
  resolver: ClientAddressResolver;
  gatewaySecret: Uint8Array;
  publicUrl: string;
  health: () => Promise<Health>;
  /** Somebody asked without the secret: a gateway that is set up wrongly, or none of ours. */
  onUnknownGateway: () => void;
  onError: (error: unknown) => void;
}

export interface Health {
  status: 'ok' | 'unavailable';
  version: string;
  schema: string;
}

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
}

type Dialect = Pick<typeof nginx, 'readQuestion' | 'writeVerdict'>;

const REQUEST_TIMEOUT_MS = 30_000;

/** Where gateways ask. Only who knows the secret gets a decision; every other way out of here is a refusal. */
export function createListener(deps: ListenerDeps): Server {
  const answer = ({ request, response }: Exchange): void => {
    try {
      route(deps, request, response)?.catch((error: unknown) => fail(deps, response, error));
    } catch (error) {
      fail(deps, response, error);
    }
  };
  const add = createBatch<Exchange>((exchanges) => {
    // First everything is decided, then everything is written: a reader is woken once for all answers, not for each.
    const sockets = exchanges.map(({ request }) => request.socket);
    for (const socket of sockets) socket.cork();
    try {
      deps.verifier.together(() => exchanges.forEach(answer));
    } catch (error) {
      for (const { response } of exchanges) fail(deps, response, error);
    }
    for (const socket of sockets) socket.uncork();
  });
  return createHttpServer((request, response) => add({ request, response }), REQUEST_TIMEOUT_MS);
}

function route(deps: ListenerDeps, request: IncomingMessage, response: ServerResponse): Promise<void> | null {
  const { method } = request;
  const reads = method === 'GET' || method === 'HEAD';
  switch (pathOf(request.url ?? '')) {
    case '/verify/nginx':
      return reads ? answerGateway(deps, nginx, request, response) : refuseMethod(deps, response, 'GET, HEAD');
    case '/verify/caddy':
      return reads ? answerGateway(deps, caddy, request, response) : refuseMethod(deps, response, 'GET, HEAD');
    case '/verify/haproxy':
      return reads ? answerGateway(deps, haproxy, request, response) : refuseMethod(deps, response, 'GET, HEAD');
    case '/v1/verify':
      return method === 'POST' ? answerProgram(deps, request, response) : refuseMethod(deps, response, 'POST');
    case '/healthz':
      return reads ? answerHealth(deps, response) : refuseMethod(deps, response, 'GET, HEAD');
    default:
      writeProblem(response, notFound, deps.publicUrl);
      return null;
  }
}

/** Caddy leaves the caller's query behind the address that it asks. */
function pathOf(url: string): string {
  const mark = url.indexOf('?');
  return mark === -1 ? url : url.slice(0, mark);
}

function answerGateway(
  deps: ListenerDeps,
  dialect: Dialect,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> | null {
  const headers = readCallHeaders(request.rawHeaders);
  if (!knowsSecret(deps, headers)) return refuseGateway(deps, response);
  if (headers.repeated) {
    dialect.writeVerdict(refused(null, { code: 'ambiguous_path' }), response, deps.publicUrl);
    return null;
  }
  const question = dialect.readQuestion(headers, reportedAddress(deps.resolver, headers.forwardedFor));
  const write = ({ verdict }: Answer): void => dialect.writeVerdict(verdict, response, deps.publicUrl);
  const answer = deps.verifier.verify(question);
  if (answer instanceof Promise) return answer.then(write);
  write(answer);
  return null;
}

async function answerProgram(deps: ListenerDeps, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (!knowsSecret(deps, readCallHeaders(request.rawHeaders))) {
    refuseGateway(deps, response);
    return;
  }
  const read = await json.readQuestion(request);
  if (!read.ok) {
    const problem = { code: 'invalid_question', status: 400, title: 'Invalid question', detail: read.reason };
    writeProblem(response, problem, deps.publicUrl, ['Connection', 'close']);
    return;
  }
  const { verdict } = await deps.verifier.verify(read.question);
  json.writeVerdict(verdict, response);
}

async function answerHealth(deps: ListenerDeps, response: ServerResponse): Promise<void> {
  const health = await deps.health();
  response.writeHead(health.status === 'ok' ? 200 : 503, {
    'Content-Type': 'application/json',
    'Cache-Control': 'no-store',
  });
  response.end(JSON.stringify(health));
}

/**
 * The peer that knows the secret is the first trusted hop, so that the last entry is the address it saw. Further hops
 * to the left are believed only as far as TRUSTED_PROXIES reaches.
 */
function reportedAddress(resolver: ClientAddressResolver, forwardedFor: string | undefined): IpAddress | null {
  if (forwardedFor === undefined) return null;
  const comma = forwardedFor.lastIndexOf(',');
  const before = comma === -1 ? undefined : forwardedFor.slice(0, comma);
  return resolver.resolve(forwardedFor.slice(comma + 1).trim(), before);
}

function knowsSecret({ gatewaySecret }: ListenerDeps, { gatewaySecret: given = '' }: CallHeaders): boolean {
  const bytes = Buffer.from(given);
  return bytes.length === gatewaySecret.length && timingSafeEqual(bytes, gatewaySecret);
}

const notFound: Problem = {
  code: 'not_found',
  status: 404,
  title: 'Not found',
  detail: 'The verifier answers at /verify/nginx, /verify/caddy, /verify/haproxy, /v1/verify and /healthz.',
};

function refuseGateway({ publicUrl, onUnknownGateway }: ListenerDeps, response: ServerResponse): null {
  onUnknownGateway();
  const problem = {
    code: 'gateway_unknown',
    status: 401,
    title: 'Gateway not known',
    detail:
      'The gateway did not present the secret of this verifier in the header Gatehouse-Secret, so no key was verified.',
  };
  writeProblem(response, problem, publicUrl);
  return null;
}

function refuseMethod({ publicUrl }: ListenerDeps, response: ServerResponse, allowed: string): null {
  const detail = `This address answers ${allowed} only.`;
  writeProblem(response, { code: 'method_not_allowed', status: 405, title: 'Method not allowed', detail }, publicUrl, [
    'Allow',
    allowed,
  ]);
  return null;
}

function fail({ publicUrl, onError }: ListenerDeps, response: ServerResponse, error: unknown): void {
  onError(error);
  if (response.headersSent) response.destroy();
  else {
    const problem = {
      code: 'unavailable',
      status: 503,
      title: 'Verification unavailable',
      detail: 'The call was refused. Try again in a moment.',
    };
    writeProblem(response, problem, publicUrl, ['Retry-After', '1']);
  }
}
