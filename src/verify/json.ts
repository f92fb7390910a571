import type { IncomingMessage, ServerResponse } from 'node:http';

import { z } from 'zod';

import { type IpAddress, parseIpAddress } from '../platform/ip-address.ts';
import type { Question } from './question.ts';
import { refusalProblem } from './refusal-problem.ts';
import { asciiJson } from './verdict-headers.ts';
import type { Limits, Verdict } from './verdict.ts';

const MOST_BODY_BYTES = 16 * 1024;
const name = z.string().min(1).max(200);

const body = z
  .strictObject({
    /** As the caller sent it. */
    key: z.string().max(512),
    api: name.optional(),
    version: name.optional(),
    method: name.optional(),
    /** Raw path and query; below the version when `api` is given, else with the prefix `/<api>/<version>`. */
    path: z.string().max(8192).optional(),
    /** Of the caller; needed for keys with an IP allowlist. */
    address: z
      .string()
      .transform((text, context): IpAddress => {
        const address = parseIpAddress(text);
        if (address) return address;
        context.addIssue('must be one IP address');
        return z.NEVER;
      })
      .optional(),
  })
  .refine((question) => question.path === undefined || question.method !== undefined, 'path needs method')
  .refine((question) => question.version === undefined || question.api !== undefined, 'version needs api');

export type ReadResult = { ok: true; question: Question } | { ok: false; reason: string };

/** The dialect of programs: one JSON object in the body of a POST. */
export async function readQuestion(request: IncomingMessage): Promise<ReadResult> {
  const text = await readText(request);
  if (text === null) return { ok: false, reason: `The body is longer than ${MOST_BODY_BYTES} bytes.` };
  const parsed = body.safeParse(parseJson(text));
  if (!parsed.success) return { ok: false, reason: `The body is not a question: ${z.prettifyError(parsed.error)}` };
  const { key, api = null, version = null, method = null, path = null, address = null } = parsed.data;
  const headers = { authorization: undefined, apiKey: key, contradictory: false };
  return { ok: true, question: { headers, method, uri: path, api, version, address } };
}

/** Always 200: a refused key is an answer, not an error. */
export function writeVerdict(verdict: Verdict, response: ServerResponse): void {
  const answer = asciiJson(verdict.allowed ? allowedAnswer(verdict) : refusedAnswer(verdict));
  response.writeHead(200, [
    'Content-Type',
    'application/json',
    'Content-Length',
    String(answer.length),
    'Cache-Control',
    'no-store',
  ]);
  response.end(answer);
}

function allowedAnswer(verdict: Extract<Verdict, { allowed: true }>) {
  const { caller, api, version, operationId, plan, limits, keyEndsAtMs, deprecation } = verdict;
  const scopes = plan?.scopes.split(' ').filter((scope) => scope !== '') ?? [];
  return {
    valid: true,
    code: 'allowed',
    ...caller,
    api,
    version,
    operationId,
    plan: plan?.slug ?? null,
    scopes,
    keyEndsAt: timeOrNull(keyEndsAtMs),
    deprecation: deprecation && {
      deprecatedAt: timeOrNull(deprecation.deprecatedAtMs),
      sunsetAt: timeOrNull(deprecation.sunsetAtMs),
      successor: deprecation.successor,
    },
    ...limitsAnswer(limits),
  };
}

function timeOrNull(atMs: number | null): string | null {
  return atMs === null ? null : new Date(atMs).toISOString();
}

function refusedAnswer(verdict: Extract<Verdict, { allowed: false }>) {
  const { title, detail, status } = refusalProblem(verdict);
  const limits = 'limits' in verdict.refusal ? verdict.refusal.limits : null;
  const caller = verdict.caller ?? { keyId: null, applicationId: null, teamId: null, environment: null };
  return { valid: false, code: verdict.refusal.code, status, title, detail, ...caller, ...limitsAnswer(limits) };
}

function limitsAnswer(limits: Limits | null) {
  if (!limits) return { rateLimit: null, quota: null };
  const { rate, quota } = limits;
  return {
    rateLimit: rate,
    quota: { limit: quota.limit, remaining: quota.remaining, resetAt: new Date(quota.resetAtMs).toISOString() },
  };
}

async function readText(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  // Not destroyed at the limit, so that the refusal still reaches the caller.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MOST_BODY_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
