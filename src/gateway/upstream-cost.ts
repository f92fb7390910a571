import type { IncomingMessage } from 'node:http';

import type { Allowed } from '../verify/verdict.ts';
import type { CostReports } from '../verify/cost-reports.ts';

/** In which an upstream says what a call cost besides what was taken when it was let through. Callers never see it. */
const COST_HEADER = 'gatehouse-cost';

export interface UpstreamCostDeps {
  costs: CostReports;
  onError: (error: unknown) => void;
}

/**
 * Reads the cost from the headers of an upstream's answer, or from its trailers when it is known only at the end, as
 * when a language model streams. The later word counts.
 */
export function readUpstreamCost(
  answer: IncomingMessage,
  verdict: Allowed,
  { costs, onError }: UpstreamCostDeps,
): void {
  const inHeaders = costIn(answer.headers[COST_HEADER]);
  Reflect.deleteProperty(answer.headers, COST_HEADER);
  let isTold = false;
  const tell = (): void => {
    if (isTold) return;
    isTold = true;
    const cost = costIn(answer.trailers[COST_HEADER]) ?? inHeaders;
    const { caller, api, operationId, plan } = verdict;
    if (cost === null || cost === 0 || !plan) return;
    costs.add({ keyId: caller.keyId, api, operationId, cost, id: null }).catch(onError);
  };
  answer.once('end', tell);
  // A caller that goes away does not make a call cheaper.
  answer.once('close', tell);
}

function costIn(value: string | string[] | undefined): number | null {
  return typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : null;
}
