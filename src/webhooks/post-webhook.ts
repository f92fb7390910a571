import { isIPv6, type LookupFunction } from 'node:net';

import { Client, errors } from 'undici';

import { type ResolveName, resolveTarget } from './resolve-target.ts';
import { type TargetPolicy, parseTarget } from './target-url.ts';
import { ANSWER_SHOWN_BYTES, type AttemptFailure } from './webhook.ts';

export interface PostWebhookDeps {
  resolveName: ResolveName;
  policy: TargetPolicy;
}

export interface Posted {
  /** null when there was no answer. */
  status: number | null;
  /** null when the answer was 2xx. */
  failure: AttemptFailure | null;
  /** The first 1 KiB of the answer's body, as text. */
  answer: string;
  /** What the receiver asked to wait; 0 for nothing. */
  retryAfterMs: number;
}

/** For all of it: name, connection, headers, body (yardstick F9). */
const TOTAL_MS = 5000;
const HEADERS_MAX_BYTES = 16 * 1024;

/**
 * Sends one message. Connects to an address that was checked, and asks no second time (yardstick A15); follows no
 * redirect, uses no proxy, sends no cookie, and keeps no connection.
 * @param signal ends it before its time; it then throws
 */
export async function postWebhook(
  deps: PostWebhookDeps,
  { url: text, headers, body }: { url: string; headers: Readonly<Record<string, string>>; body: string },
  signal: AbortSignal,
): Promise<Posted> {
  const deadline = AbortSignal.timeout(TOTAL_MS);
  const either = AbortSignal.any([signal, deadline]);
  // Once more: what is allowed may be less than it was when the endpoint was added.
  const target = parseTarget(text, deps.policy);
  const addresses = target.ok && (await resolveTarget(deps.resolveName, target.url, deps.policy, either));
  signal.throwIfAborted();
  if (!target.ok || !addresses) return failed(deadline.aborted ? 'timeout' : 'no_public_address');
  const client = createClient(target.url, addresses);
  try {
    const path = target.url.pathname + target.url.search;
    const answer = await client.request({ method: 'POST', path, headers, body, signal: either });
    const status = answer.statusCode;
    const retryAfterMs = parseRetryAfter(answer.headers['retry-after']);
    return { status, failure: failureOf(status), answer: await readStart(answer.body), retryAfterMs };
  } catch (error) {
    signal.throwIfAborted();
    return failed(deadline.aborted ? 'timeout' : nameFailure(error));
  } finally {
    await client.destroy();
  }
}

function createClient(url: URL, addresses: readonly string[]): Client {
  const checked = addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }));
  const lookup: LookupFunction = (_, options, callback) => {
    if (options.all) callback(null, checked);
    else callback(null, checked[0]?.address ?? '', checked[0]?.family);
  };
  return new Client(url.origin, {
    connect: { lookup, timeout: TOTAL_MS },
    allowH2: false,
    maxHeaderSize: HEADERS_MAX_BYTES,
    headersTimeout: TOTAL_MS,
    bodyTimeout: TOTAL_MS,
  });
}

/** Reads no more than is shown. An answer that breaks off, or never ends, has its status all the same. */
async function readStart(body: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of body) {
      parts.push(part);
      size += part.length;
      if (size >= ANSWER_SHOWN_BYTES) break;
    }
  } catch {
    // What had come is kept.
  }
  const text = new TextDecoder().decode(Buffer.concat(parts).subarray(0, ANSWER_SHOWN_BYTES));
  // PostgreSQL's text holds no NUL.
  return text.replaceAll('\0', '\uFFFD');
}

function failureOf(status: number): AttemptFailure | null {
  if (status >= 200 && status < 300) return null;
  return status >= 300 && status < 400 ? 'redirect' : 'refused_status';
}

/** Whole seconds (RFC 9110 section 10.2.3); a date is as good as none here, our own schedule goes on. */
function parseRetryAfter(value: string | string[] | undefined): number {
  return typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) * 1000 : 0;
}

function nameFailure(error: unknown): AttemptFailure {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (error instanceof errors.ConnectTimeoutError || error instanceof errors.HeadersTimeoutError) return 'timeout';
  if (error instanceof errors.HTTPParserError || error instanceof errors.HeadersOverflowError) return 'not_http';
  return /^(ERR_SSL|ERR_TLS|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|EPROTO|ERR_OSSL)/.test(code)
    ? 'tls_failed'
    : 'connection_failed';
}

function failed(failure: AttemptFailure): Posted {
  return { status: null, failure, answer: '', retryAfterMs: 0 };
}
