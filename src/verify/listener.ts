import type { IncomingMessage, Server, ServerResponse } from 'node:http';

import type { ClientAddressResolver } from '../platform/client-address.ts';
import { monotonicMs } from '../platform/clock.ts';
import type { IpAddress } from '../platform/ip-address.ts';
import type { Problem } from '../platform/problem.ts';
import { createBatch } from './batch.ts';
import { type CallHeaders, readCallHeaders } from './call-headers.ts';
import * as caddy from './caddy.ts';
import * as envoy from './envoy.ts';
import * as haproxy from './haproxy.ts';
import { type CostReports, answerCostReport } from './cost-reports.ts';
import type { SecretCheck } from './gateway-secret.ts';
import { createQuickHttpServer } from './http-server.ts';
import * as json from './json.ts';
import * as batch from './json-batch.ts';
import { type RefusalDeps, fail, refuseGateway, refuseMethod } from './listener-refusals.ts';
import * as nginx from './nginx.ts';
import type { OperationsEndpoint } from './operations-endpoint.ts';
import type { Question } from './question.ts';
import * as traefik from './traefik.ts';
import { type Verdict, refused } from './verdict.ts';
import type { Verifier } from './verifier.ts';
import type { VerifierMetrics } from './verifier-metrics.ts';
import { writeProblem } from './write-problem.ts';

export interface ListenerDeps extends RefusalDeps {
  verifier: Verifier;
  resolver: ClientAddressResolver;
  isGatewaySecret: SecretCheck;
  costs: CostReports;
  /** Answers whatever is no question. */
  operations: OperationsEndpoint;
  /** Told of the questions of one turn after they were answered. */
  onAnswered: VerifierMetrics['observe'];
}

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  arrivedMs: number;
}

interface Dialect {
  readQuestion(headers: CallHeaders, address: IpAddress | null, request: IncomingMessage): Question;
  writeVerdict(verdict: Verdict, response: ServerResponse, publicUrl: string): void;
}

type ProgramDialect = Pick<typeof json, 'readQuestions' | 'writeVerdicts'>;

/** Gateways that ask with GET and say in headers what was called. */
const dialects = new Map<string, Dialect>([
  ['/verify/nginx', nginx],
  ['/verify/caddy', caddy],
  ['/verify/haproxy', haproxy],
  ['/verify/traefik', traefik],
]);

const REQUEST_TIMEOUT_MS = 30_000;

/** Where gateways ask. Only who knows the secret gets a decision; every other way out of here is a refusal. */
export function createListener(deps: ListenerDeps): Server {
  let [accepted, known] = [0, 0];
  const hasMore = (): boolean => {
    const isMore = accepted !== known;
    known = accepted;
    return isMore;
  };
  const add = createBatch<Exchange>(
    (exchanges) => {
      // First everything is decided and journaled, then everything is written: Node sends an answer as soon as it ends,
      // whatever is corked, and no call may be answered that a crash could make uncounted.
      const decided: Decided[] = [];
      try {
        deps.verifier.together(() => {
          for (const exchange of exchanges) startAnswer(deps, exchange, decided);
        });
      } catch (error) {
        for (const { response } of exchanges) fail(deps, response, error);
        return;
      }
      for (const { dialect, verdict, response } of decided) {
        try {
          dialect.writeVerdict(verdict, response, deps.publicUrl);
        } catch (error) {
          fail(deps, response, error);
        }
      }
      deps.onAnswered(exchanges);
    },
    { hasMore, nowMs: monotonicMs },
  );
  const server = createQuickHttpServer(
    (request, response) => add({ request, response, arrivedMs: monotonicMs() }),
    REQUEST_TIMEOUT_MS,
  );
  server.on('connection', () => (accepted += 1));
  return server;
}

/** An answer that may be written when what it rests on is journaled. */
interface Decided {
  response: ServerResponse;
  dialect: Dialect;
  verdict: Verdict;
}

function startAnswer(deps: ListenerDeps, exchange: Exchange, decided: Decided[]): void {
  try {
    route(deps, exchange, decided)?.catch((error: unknown) => fail(deps, exchange.response, error));
  } catch (error) {
    fail(deps, exchange.response, error);
  }
}

/** @param decided takes what can be written at the end of the turn */
function route(deps: ListenerDeps, { request, response }: Exchange, decided: Decided[]): Promise<void> | null {
  const { method } = request;
  const reads = method === 'GET' || method === 'HEAD';
  const path = pathOf(request.url ?? '');
  const dialect = dialects.get(path);
  if (dialect) {
    return reads ? answerGateway(deps, dialect, request, response, decided) : refuseMethod(deps, response, 'GET, HEAD');
  }
  if (path.startsWith(`${envoy.ENVOY_PREFIX}/`)) return answerGateway(deps, envoy, request, response, decided);
  switch (path) {
    case '/v1/verify':
      return method === 'POST' ? answerProgram(deps, json, request, response) : refuseMethod(deps, response, 'POST');
    case '/v1/verify/batch':
      return method === 'POST' ? answerProgram(deps, batch, request, response) : refuseMethod(deps, response, 'POST');
    case '/v1/usage':
      return method === 'POST' ? answerCost(deps, request, response) : refuseMethod(deps, response, 'POST');
    default:
      return answerOther(deps, path, request, response);
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
  decided: Decided[],
): Promise<void> | null {
  const headers = readCallHeaders(request);
  if (!knowsSecret(deps, headers)) return refuseGateway(deps, response);
  if (headers.repeated) {
    dialect.writeVerdict(refused(null, { code: 'ambiguous_path' }), response, deps.publicUrl);
    return null;
  }
  const question = dialect.readQuestion(headers, reportedAddress(deps.resolver, headers.forwardedFor), request);
  const answer = deps.verifier.verify(question);
  if (answer instanceof Promise)
    return answer.then(({ verdict }) => dialect.writeVerdict(verdict, response, deps.publicUrl));
  decided.push({ response, dialect, verdict: answer.verdict });
  return null;
}

/** A program asks one question or several; each is decided after the one before it. */
async function answerProgram(
  deps: ListenerDeps,
  dialect: ProgramDialect,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (!knowsSecret(deps, readCallHeaders(request))) {
    refuseGateway(deps, response);
    return;
  }
  const read = await dialect.readQuestions(request);
  if (!read.ok) {
    const problem = { code: 'invalid_question', status: 400, title: 'Invalid question', detail: read.reason };
    writeProblem(response, problem, deps.publicUrl, ['Connection', 'close']);
    return;
  }
  const verdicts: Verdict[] = [];
  for (const question of read.questions) verdicts.push((await deps.verifier.verify(question)).verdict);
  dialect.writeVerdicts(verdicts, response);
}

/** A gateway reports what a call cost, after it was answered. */
function answerCost(deps: ListenerDeps, request: IncomingMessage, response: ServerResponse): Promise<void> | null {
  if (!knowsSecret(deps, readCallHeaders(request))) return refuseGateway(deps, response);
  return answerCostReport(deps.costs, request, response, deps.publicUrl);
}

/** What is no question. Metrics may be read without being a gateway; everything else that is secret may not. */
function answerOther(
  deps: ListenerDeps,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> | null {
  const isGateway = knowsSecret(deps, readCallHeaders(request));
  const answer = deps.operations.answer(path, request, response, isGateway);
  if (answer === 'refused') return refuseGateway(deps, response);
  if (answer === null) writeProblem(response, notFound, deps.publicUrl);
  return answer;
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

function knowsSecret({ isGatewaySecret }: ListenerDeps, { gatewaySecret }: CallHeaders): boolean {
  return isGatewaySecret(gatewaySecret);
}

const notFound: Problem = {
  code: 'not_found',
  status: 404,
  title: 'Not found',
  detail: `The verifier answers at ${[...dialects.keys(), `${envoy.ENVOY_PREFIX}/`, '/v1/verify', '/v1/verify/batch', '/v1/usage', '/v1/events', '/metrics', '/healthz'].join(', ')} and /livez.`,
};
