import type { ServerResponse } from 'node:http';

import { monotonicMs } from '../platform/clock.ts';
import { createDurationHistogram } from '../platform/duration-histogram.ts';
import { type MetricFamily, single } from '../platform/metrics.ts';
import type { StatisticsState } from '../usage/statistics-recorder.ts';
import type { Verdict } from './verdict.ts';
import type { Answer, Verifier } from './verifier.ts';

/** Counts in plain fields, on the way of every call; put into words only when somebody asks. */
export interface VerifierMetrics {
  /** The same verifier, counted. */
  counted(verifier: Verifier): Verifier;
  /** Questions of one turn, when their answers have been written. */
  observe(exchanges: readonly { response: ServerResponse; arrivedMs: number }[]): void;
  /** A call that the built-in gateway passed on. */
  observeCall(status: number, latencyMs: number): void;
  families(): readonly MetricFamily[];
}

export function createVerifierMetrics(about: {
  version: string;
  statistics: () => StatisticsState;
  gatewayRequests: () => Readonly<Record<string, number>>;
}): VerifierMetrics {
  const verdicts: Record<string, number> = {};
  const durations = createDurationHistogram(
    'http_request_duration_seconds',
    'Time from the arrival of a request to its answer, by listener and status class.',
    (label) => {
      const [listener = '', status = ''] = label.split(' ');
      return { listener, status };
    },
  );
  const observeAnswer = ({ statusCode }: ServerResponse, ms: number): void =>
    durations.observe(VERIFIER_LABELS[Math.floor(statusCode / 100)] ?? 'verifier 5xx', ms / 1000);
  const count = (verdict: Verdict): void => {
    const code = verdict.allowed ? 'allowed' : verdict.refusal.code;
    verdicts[code] = (verdicts[code] ?? 0) + 1;
  };
  const countAnswer = (answer: Answer): Answer => {
    count(answer.verdict);
    return answer;
  };
  return {
    counted: (verifier) => ({
      ...verifier,
      verify(question) {
        const answer = verifier.verify(question);
        return answer instanceof Promise ? answer.then(countAnswer) : countAnswer(answer);
      },
    }),
    observe(exchanges) {
      const nowMs = monotonicMs();
      for (const { response, arrivedMs } of exchanges) {
        if (response.writableEnded) observeAnswer(response, nowMs - arrivedMs);
        else response.once('finish', () => observeAnswer(response, monotonicMs() - arrivedMs));
      }
    },
    observeCall: (status, latencyMs) => durations.observe(`gateway ${Math.floor(status / 100)}xx`, latencyMs / 1000),
    families: () => [
      {
        name: 'gatehouse_build_info',
        help: 'The version of this program.',
        type: 'gauge',
        samples: [{ labels: { version: about.version, process: 'verifier' }, value: 1 }],
      },
      durations.family(),
      {
        name: 'gatehouse_verifications_total',
        help: 'Verdicts by code.',
        type: 'counter',
        samples: Object.entries(verdicts).map(([verdict, value]) => ({ labels: { verdict }, value })),
      },
      {
        name: 'gatehouse_gateway_requests_total',
        help: 'Requests by the name of the gateway whose secret they came with.',
        type: 'counter',
        samples: Object.entries(about.gatewayRequests()).map(([gateway, value]) => ({ labels: { gateway }, value })),
      },
      ...statisticsFamilies(about.statistics()),
    ],
  };
}

/** Made once: a label must not be put together on the way of every call. */
const VERIFIER_LABELS: Readonly<Record<number, string>> = {
  2: 'verifier 2xx',
  3: 'verifier 3xx',
  4: 'verifier 4xx',
  5: 'verifier 5xx',
};

function statisticsFamilies({ flushes, failedFlushes, isFailing, dropped }: StatisticsState): MetricFamily[] {
  return [
    single('counter', 'gatehouse_usage_flushes_total', 'Attempts to write statistics.', flushes),
    single(
      'counter',
      'gatehouse_usage_flush_failures_total',
      'Attempts that failed; what they held is kept.',
      failedFlushes,
    ),
    single('gauge', 'gatehouse_usage_failing', '1 while statistics cannot be written.', isFailing ? 1 : 0),
    single('counter', 'gatehouse_usage_dropped_total', 'Calls that statistics had no room for.', dropped),
  ];
}
