import type { ServerResponse } from 'node:http';

import type { Clock } from '../platform/clock.ts';
import type { Allowed } from '../verify/verdict.ts';

/** How a call that passed was answered. */
export interface Answered {
  /** When it was let through. */
  atMs: number;
  keyId: string;
  applicationId: string;
  api: string;
  version: string;
  operationId: string;
  status: number;
  /** Until the last byte was handed over to the caller's connection. */
  latencyMs: number;
}

/** Tells once how a call was answered; nothing when its caller went away before there was an answer. */
export function whenAnswered(
  response: ServerResponse,
  { caller, api, version, operationId }: Allowed,
  { clock, onAnswered }: { clock: Clock; onAnswered: (answer: Answered) => void },
): void {
  const atMs = clock.nowMs();
  response.once('close', () => {
    if (!response.headersSent) return;
    const { keyId, applicationId } = caller;
    const { statusCode: status } = response;
    onAnswered({ atMs, keyId, applicationId, api, version, operationId, status, latencyMs: clock.nowMs() - atMs });
  });
}
