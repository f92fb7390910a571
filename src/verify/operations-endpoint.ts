import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

import { type Health, healthStatus } from '../platform/health.ts';
import { METRICS_MEDIA_TYPE, type Metrics } from '../platform/metrics.ts';
import type { Problem } from '../platform/problem.ts';
import type { AnswerEvents } from './events.ts';
import { writeProblem } from './write-problem.ts';

export interface OperationsDeps {
  health: () => Promise<Health>;
  metrics: Metrics;
  /** null: only who knows the secret of gateways may read metrics. */
  metricsToken: string | null;
  answerEvents: AnswerEvents;
  publicUrl: string;
}

/** What is asked beside verdicts: is it well, what does it measure, and how gateways answered. */
export interface OperationsEndpoint {
  /**
   * @param isGateway the secret of gateways was presented
   * @returns null when nothing is at this address, or `refused` when only a gateway may ask
   */
  answer(
    path: string,
    request: IncomingMessage,
    response: ServerResponse,
    isGateway: boolean,
  ): Promise<void> | 'refused' | null;
}

export function createOperationsEndpoint(deps: OperationsDeps): OperationsEndpoint {
  const { metricsToken, publicUrl } = deps;
  const mayRead = (request: IncomingMessage): boolean =>
    metricsToken !== null && isSame(request.headers.authorization ?? '', `Bearer ${metricsToken}`);
  return {
    answer(path, request, response, isGateway) {
      const reads = request.method === 'GET' || request.method === 'HEAD';
      switch (path) {
        case '/livez':
          return reads
            ? answerText(response, 200, 'text/plain', 'ok\n')
            : refuseMethod(response, publicUrl, 'GET, HEAD');
        case '/healthz':
        case '/readyz':
          return reads ? answerHealth(deps, response) : refuseMethod(response, publicUrl, 'GET, HEAD');
        case '/metrics':
          if (!isGateway && !mayRead(request)) return 'refused';
          return reads ? answerMetrics(deps, response) : refuseMethod(response, publicUrl, 'GET, HEAD');
        case '/v1/events':
          if (!isGateway) return 'refused';
          return request.method === 'POST'
            ? deps.answerEvents(request, response)
            : refuseMethod(response, publicUrl, 'POST');
        default:
          return null;
      }
    },
  };
}

async function answerHealth({ health }: OperationsDeps, response: ServerResponse): Promise<void> {
  const state = await health();
  await answerText(response, healthStatus(state), 'application/json', JSON.stringify(state));
}

async function answerMetrics({ metrics }: OperationsDeps, response: ServerResponse): Promise<void> {
  await answerText(response, 200, METRICS_MEDIA_TYPE, await metrics.text());
}

function answerText(response: ServerResponse, status: number, type: string, text: string): Promise<void> {
  response.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store' });
  response.end(text);
  return Promise.resolve();
}

function refuseMethod(response: ServerResponse, publicUrl: string, allowed: string): Promise<void> {
  const detail = `This address answers ${allowed} only.`;
  const problem: Problem = { code: 'method_not_allowed', status: 405, title: 'Method not allowed', detail };
  writeProblem(response, problem, publicUrl, ['Allow', allowed]);
  return Promise.resolve();
}

function isSame(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}
