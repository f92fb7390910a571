import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Problem } from '../platform/problem.ts';
import { type AcceptEventsDeps, MOST_EVENT_BYTES, MOST_EVENT_LINES, acceptEvents } from './accept-events.ts';
import { writeProblem } from './write-problem.ts';

export interface EventsDeps extends AcceptEventsDeps {
  nowMs: () => number;
  publicUrl: string;
}

/** The access-log endpoint, for who has shown the secret of gateways. */
export type AnswerEvents = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

const BATCH_ID = /^[A-Za-z0-9._:-]{8,128}$/;
/** Logs can wait, and each batch is held in memory. */
const MOST_AT_ONCE = 4;

export function createEventsEndpoint(deps: EventsDeps): AnswerEvents {
  let atOnce = 0;
  return async (request, response) => {
    const refuse = (problem: Problem, headers: readonly string[] = []): void =>
      writeProblem(response, problem, deps.publicUrl, [...headers, 'Connection', 'close']);
    const { 'gatehouse-batch-id': batchId } = request.headers;
    if (typeof batchId !== 'string' || !BATCH_ID.test(batchId)) {
      refuse(noBatchId);
      return;
    }
    if (atOnce >= MOST_AT_ONCE) {
      refuse(busy, ['Retry-After', '1']);
      return;
    }
    atOnce += 1;
    try {
      const body = await readBody(request);
      const answer = body === null ? null : await acceptEvents(deps, { batchId, body }, deps.nowMs());
      if (answer === null) refuse(tooLarge);
      else if (answer.ok) writeResult(response, answer.result, answer.isRepeated);
      else refuse(answer.reason === 'batch_id_reused' ? reused : tooLarge);
    } finally {
      atOnce -= 1;
    }
  };
}

function writeResult(response: ServerResponse, result: object, isRepeated: boolean): void {
  response.writeHead(200, {
    'Content-Type': 'application/json',
    'Cache-Control': 'no-store',
    'Gatehouse-Batch-Repeated': String(isRepeated),
  });
  response.end(JSON.stringify(result));
}

/** null when it is too long; the rest is not read. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  // Not destroyed at the limit, so that the refusal still reaches the sender.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MOST_EVENT_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

const noBatchId: Problem = {
  code: 'invalid_batch_id',
  status: 400,
  title: 'Batch id missing',
  detail:
    'Send a header Gatehouse-Batch-Id of 8 to 128 letters, digits, dots, colons or hyphens, the same for each retry.',
};

const tooLarge: Problem = {
  code: 'content_too_large',
  status: 413,
  title: 'Batch too large',
  detail: `A batch holds at most ${MOST_EVENT_LINES} lines and ${MOST_EVENT_BYTES} bytes. Send several.`,
};

const reused: Problem = {
  code: 'batch_id_reused',
  status: 409,
  title: 'Batch id used before',
  detail:
    'A batch with this id and another content was counted already, so this one was not. Give each batch its own id.',
};

const busy: Problem = {
  code: 'too_many_batches',
  status: 503,
  title: 'Too many batches at once',
  detail: 'Other batches are being counted. Send this one again in a second.',
};
