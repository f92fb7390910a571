import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

import { type Health, healthStatus } from '../platform/health.ts';
import { METRICS_MEDIA_TYPE, type Metrics } from '../platform/metrics.ts';

export interface PortalOperations {
  health: () => Promise<Health>;
  metrics: Metrics;
  /** null: there are no metrics here. */
  metricsToken: string | null;
}

/** What became of a request for one of these addresses. */
export type OperationsAnswer = 'answered' | 'elsewhere' | 'not_found' | 'metrics_token_missing';

/**
 * `/livez`: the process runs. `/healthz` and `/readyz`: it can do its work. `/metrics`: for who presents METRICS_TOKEN;
 * a reverse proxy on this machine makes every caller look local, so the address proves nothing.
 */
export async function answerOperations(
  operations: PortalOperations,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<OperationsAnswer> {
  const answer = (status: number, type: string, text: string): OperationsAnswer => {
    response.statusCode = status;
    response.setHeader('Content-Type', type);
    response.setHeader('Cache-Control', 'no-store');
    response.end(text);
    return 'answered';
  };
  switch (path) {
    case '/livez':
      return answer(200, 'text/plain; charset=utf-8', 'ok\n');
    case '/healthz':
    case '/readyz': {
      const health = await operations.health();
      return answer(healthStatus(health), 'application/json', JSON.stringify(health));
    }
    case '/metrics':
      if (operations.metricsToken === null) return 'not_found';
      if (!presents(request, operations.metricsToken)) {
        response.setHeader('WWW-Authenticate', 'Bearer');
        return 'metrics_token_missing';
      }
      return answer(200, METRICS_MEDIA_TYPE, await operations.metrics.text());
    default:
      return 'elsewhere';
  }
}

function presents({ headers: { authorization = '' } }: IncomingMessage, token: string): boolean {
  const [given, expected] = [Buffer.from(authorization), Buffer.from(`Bearer ${token}`)];
  return given.length === expected.length && timingSafeEqual(given, expected);
}
