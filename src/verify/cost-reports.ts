import type { IncomingMessage, ServerResponse } from 'node:http';

import { z } from 'zod';

import type { Clock } from '../platform/clock.ts';
import type { UsageRecorder } from '../usage/usage-recorder.ts';
import { readBody, writeAnswer } from './json.ts';
import type { MeteredKeyStore } from './metered-key-store.ts';
import { writeProblem } from './write-problem.ts';

/** What a call cost besides what was taken when it was let through. */
export interface ReportedCost {
  keyId: string;
  api: string;
  /** '' for none. */
  operationId: string;
  cost: number;
  /** The same id counts once; null counts always. */
  id: string | null;
}

export type CostOutcome = 'counted' | 'repeated' | 'not_found';

export interface CostReports {
  /** `repeated`: this id was counted before. `not_found`: no such key, or no plan for the API. */
  add(report: ReportedCost): Promise<CostOutcome>;
  /** When all that were begun have counted. */
  settled(): Promise<void>;
}

interface CostReportsDeps {
  keys: MeteredKeyStore;
  usage: Pick<UsageRecorder, 'meterOf' | 'report'>;
  clock: Clock;
}

/** Costs that are known only after the call, such as tokens of a language model. They may go beyond every limit. */
export function createCostReports({ keys, usage, clock }: CostReportsDeps): CostReports {
  const begun = new Set<Promise<CostOutcome>>();
  const count = async ({ keyId, api, operationId, cost, id }: ReportedCost): Promise<CostOutcome> => {
    const key = await keys.find(keyId, api);
    if (!key) return 'not_found';
    const nowMs = clock.nowMs();
    const meter = await usage.meterOf(key.subscription, key.lineageId, operationId, nowMs);
    return (await usage.report(meter, cost, nowMs, id)) ? 'counted' : 'repeated';
  };
  return {
    async add(report) {
      const counting = count(report);
      begun.add(counting);
      try {
        return await counting;
      } finally {
        begun.delete(counting);
      }
    },
    async settled() {
      await Promise.allSettled(begun);
    },
  };
}

const MOST_BODY_BYTES = 4 * 1024;
const MOST_COST = 1_000_000_000;
const name = z.string().min(1).max(200);

const body = z.strictObject({
  /** Chosen by the reporter, unique for the call: a repeated report does not count again. */
  id: name,
  keyId: name,
  api: name,
  operationId: z.string().max(500).default(''),
  cost: z.int().min(0).max(MOST_COST),
});

/** `POST /v1/usage`: one report as a JSON object; the answer says whether it counted. */
export async function answerCostReport(
  reports: CostReports,
  request: IncomingMessage,
  response: ServerResponse,
  publicUrl: string,
): Promise<void> {
  const read = await readBody(request, body, MOST_BODY_BYTES);
  if (!read.ok) {
    const problem = { code: 'invalid_report', status: 400, title: 'Invalid report', detail: read.reason };
    writeProblem(response, problem, publicUrl, ['Connection', 'close']);
    return;
  }
  const outcome = await reports.add(read.data);
  if (outcome !== 'not_found') {
    writeAnswer(response, { counted: outcome === 'counted' });
    return;
  }
  const detail = 'There is no such key, or its application has no plan for this API. Nothing was counted.';
  writeProblem(response, { code: 'not_found', status: 404, title: 'Not found', detail }, publicUrl);
}
