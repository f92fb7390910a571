import { sha256Hex } from '../platform/hash.ts';
import type { IdempotentCall } from './gate.ts';
import { parseIdempotencyKey } from './idempotency-key.ts';
import { type Incoming, refusal } from './incoming.ts';
import type { AnyOperation, Call, Caller } from './operation.ts';
import { problemOf } from './refusals.ts';
import type { Written } from './respond.ts';

export interface OnceRequest {
  incoming: Incoming;
  operation: AnyOperation;
  call: Call;
  /** Of the body as it was understood: blanks do not make another request. */
  bodyText: string;
  caller: Caller;
  token: string;
}

/**
 * With an Idempotency-Key, does the work of one request once, however often it is sent. What succeeded is answered
 * again as it was, for 24 hours. What was refused had no effect and is forgotten, so that the same request can be sent
 * again once its cause is gone.
 */
export async function answerOnce(request: OnceRequest, work: (call: Call) => Promise<Written>): Promise<Written> {
  const header = request.call.headers.get('idempotency-key');
  if (header === null) return work(request.call);
  const key = parseIdempotencyKey(header);
  if (key === null) {
    return refused(
      request,
      'invalid_header',
      'The Idempotency-Key must be 1 to 255 visible characters, such as a UUID.',
    );
  }
  const once = idempotentCall(request, key);
  const { management } = request.incoming.portal;
  const begun = await management.begin(once);
  switch (begun.state) {
    case 'done':
      return replayed(begun.answer);
    case 'running':
      return refused(request, 'request_in_progress', undefined, { 'Retry-After': '1' });
    case 'other_request':
      return refused(request, 'idempotency_key_reused');
    case 'again':
      if (request.operation.repeatable !== true) return refused(request, 'outcome_unknown');
      break;
    case 'first':
  }
  // When this throws, nobody knows what was done: the request stays begun, and counts as interrupted after a minute.
  const written = await work(named(request, key));
  await management.finish(once, begun.startedAtMs, written.status < 300 ? JSON.stringify(written) : null);
  return written;
}

/** Names what is made by the request, so that doing it again makes it once. */
function named({ call, caller }: OnceRequest, key: string): Call {
  return { ...call, requestId: `idem_${sha256Hex(`${caller.accessToken.id} ${key}`).slice(0, 40)}` };
}

function idempotentCall({ incoming, caller, token, bodyText }: OnceRequest, key: string): IdempotentCall {
  const { request, url } = incoming;
  const requestHash = sha256Hex(JSON.stringify([request.method, url.pathname, url.search, bodyText]));
  return { tokenId: caller.accessToken.id, token, key, requestHash };
}

function replayed(answer: string): Written {
  const written = JSON.parse(answer) as Written;
  return { ...written, headers: { ...written.headers, 'Idempotency-Replayed': 'true' } };
}

function refused(
  { incoming, operation }: OnceRequest,
  code: Parameters<typeof problemOf>[0],
  detail?: string,
  headers: Readonly<Record<string, string>> = {},
): Written {
  return refusal(incoming, operation, problemOf(code, detail), headers);
}
