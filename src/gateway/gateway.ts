import type { IncomingMessage, Server, ServerResponse } from 'node:http';

import type { ClientAddressResolver } from '../platform/client-address.ts';
import type { Clock } from '../platform/clock.ts';
import type { Problem } from '../platform/problem.ts';
import type { RequestIds } from '../platform/request-id.ts';
import { type CallHeaders, readCallLines } from '../verify/call-headers.ts';
import type { CostReports } from '../verify/cost-reports.ts';
import { createHttpServer } from '../verify/http-server.ts';
import type { Question } from '../verify/question.ts';
import { refusalHeaders, refusalProblem } from '../verify/refusal-problem.ts';
import { refused } from '../verify/verdict.ts';
import { endingHeaders, limitHeaders } from '../verify/verdict-headers.ts';
import type { Answer, Verifier } from '../verify/verifier.ts';
import { writeProblem } from '../verify/write-problem.ts';
import { type Answered, whenAnswered } from './answered.ts';
import { isRefusedMethod } from './call-methods.ts';
import { corsHeaders, isPreflight, writePreflight } from './cors.ts';
import { createForwarder } from './forward.ts';
import { nameRequest } from './name-request.ts';

export interface GatewayDeps {
  verifier: Verifier;
  resolver: ClientAddressResolver;
  /** Origin of the portal: the only one whose pages may call APIs from a browser ("Try it out"). */
  publicUrl: string;
  /** Origin under which consumers reach this gateway. */
  gatewayPublicUrl: string;
  /** How long an upstream may be silent, in ms. */
  upstreamTimeoutMs: number;
  clock: Clock;
  requestIds: RequestIds;
  costs: CostReports;
  /** Told how each call that passed was answered, when the answer is complete. */
  onAnswered: (answer: Answered) => void;
  onError: (error: unknown) => void;
}

/** Uploads may take their time; the upstream decides how much it takes. */
const REQUEST_TIMEOUT_MS = 300_000;

/** A reverse proxy for those who have no gateway yet: asks the verifier in process, then forwards to the upstream. */
export function createGateway(deps: GatewayDeps): Server {
  const forward = createForwarder(deps);
  const pass = (request: IncomingMessage, response: ServerResponse, question: Question, answer: Answer): void => {
    const { verdict, target } = answer;
    const cors = corsHeaders(request, deps.publicUrl);
    if (!verdict.allowed) {
      const limits = 'limits' in verdict.refusal ? verdict.refusal.limits : null;
      const headers = [...refusalHeaders(verdict), ...limitHeaders(limits), ...cors];
      refuse(deps, request, response, refusalProblem(verdict), headers);
    } else if (target.route) {
      whenAnswered(response, verdict, deps);
      forward(request, response, {
        verdict,
        route: target.route,
        address: question.address,
        responseHeaders: [...limitHeaders(verdict.limits), ...endingHeaders(verdict, deps.publicUrl), ...cors],
      });
    } else {
      // Without an operation of a known API nothing may pass.
      refuse(deps, request, response, refusalProblem(refused(null, { code: 'unavailable' })), cors);
    }
  };
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    const problem = unfit(request);
    if (problem) {
      refuse(deps, request, response, problem, corsHeaders(request, deps.publicUrl));
      return;
    }
    if (isPreflight(request, deps.publicUrl)) {
      writePreflight(request, response, deps.publicUrl);
      return;
    }
    const question = toQuestion(deps, request, readCallLines(request.rawHeaders));
    const answer = deps.verifier.verify(question);
    if (answer instanceof Promise) void answer.then((later) => pass(request, response, question, later));
    else pass(request, response, question, answer);
  };
  return createHttpServer((request, response) => {
    try {
      nameRequest(deps, request, response);
      handle(request, response);
    } catch (error) {
      deps.onError(error);
      response.destroy();
    }
  }, REQUEST_TIMEOUT_MS);
}

function toQuestion({ resolver }: GatewayDeps, request: IncomingMessage, headers: CallHeaders): Question {
  return {
    headers,
    method: request.method ?? '',
    uri: request.url ?? '',
    api: null,
    version: null,
    address: resolver.resolve(request.socket.remoteAddress, headers.forwardedFor),
    cost: null,
  };
}

/** What is no call of an API at all. Upgrades other than WebSocket (such as h2c) may be ignored (RFC 9110, 7.8). */
function unfit(request: IncomingMessage): Problem | null {
  const { method = '', headers } = request;
  if (isRefusedMethod(method)) {
    return {
      code: 'method_not_allowed',
      status: 405,
      title: 'Method not allowed',
      detail: `No API is called with ${method}.`,
    };
  }
  if ((request.headersDistinct.host?.length ?? 0) !== 1) {
    return { code: 'invalid_host', status: 400, title: 'Invalid host', detail: 'Send exactly one Host header.' };
  }
  if (headers.upgrade?.toLowerCase().includes('websocket')) {
    return {
      code: 'upgrade_not_supported',
      status: 501,
      title: 'Upgrade not supported',
      detail: 'This gateway carries HTTP calls only, no WebSocket.',
    };
  }
  return null;
}

/** A body that nobody will read ends the connection, so that it cannot be taken for the next call. */
function refuse(
  { publicUrl }: GatewayDeps,
  request: IncomingMessage,
  response: ServerResponse,
  problem: Problem,
  headers: readonly string[],
): void {
  const hasBody =
    request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
  writeProblem(response, problem, publicUrl, hasBody ? [...headers, 'Connection', 'close'] : headers);
}
