import type { IncomingMessage, ServerResponse } from 'node:http';

import { z } from 'zod';

import { type IpAddress, parseIpAddress } from '../platform/ip-address.ts';
import { KEEP_ALIVE } from './http-server.ts';
import type { Question } from './question.ts';
import { refusalProblem } from './refusal-problem.ts';
import { asciiJson } from './verdict-headers.ts';
import type { LimitState, Verdict } from './verdict.ts';

const MOST_BODY_BYTES = 16 * 1024;
/** A problem names so many mistakes of a body and no more. */
const MOST_REASON_CHARACTERS = 1000;
/** As for an operation in `api.yaml`. */
const MOST_COST = 1_000_000_000;
const name = z.string().min(1).max(200);

/** One question, with its shape checked. */
export const questionBody = z
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
    /** `Origin` and `Referer` of the call; one of them is needed for keys of browsers. */
    origin: z.string().max(8192).optional(),
    referrer: z.string().max(8192).optional(),
    /** What the call costs; 0 only looks whether it would pass. */
    cost: z.int().min(0).max(MOST_COST).optional(),
  })
  .refine((question) => question.path === undefined || question.method !== undefined, 'path needs method')
  .refine((question) => question.version === undefined || question.api !== undefined, 'version needs api')
  .transform((body): Question => {
    const { key, api = null, version = null, method = null, path = null, address = null, origin, referrer } = body;
    const { cost = null } = body;
    const headers = { authorization: undefined, apiKey: key, contradictory: false, origin, referrer };
    return { headers, method, uri: path, api, version, address, cost };
  });

export type ReadResult = { ok: true; questions: readonly Question[] } | { ok: false; reason: string };

/** The dialect of programs: one JSON object in the body of a POST. */
export async function readQuestions(request: IncomingMessage): Promise<ReadResult> {
  const read = await readBody(request, questionBody, MOST_BODY_BYTES);
  return read.ok ? { ok: true, questions: [read.data] } : read;
}

export type ReadBodyResult<Data> = { ok: true; data: Data } | { ok: false; reason: string };

/** The body of a request, if it is JSON of this shape and not longer than `mostBytes`. */
export async function readBody<Data>(
  request: IncomingMessage,
  shape: z.ZodType<Data>,
  mostBytes: number,
): Promise<ReadBodyResult<Data>> {
  const text = await readText(request, mostBytes);
  if (text === null) return { ok: false, reason: `The body is longer than ${mostBytes} bytes.` };
  const parsed = shape.safeParse(parseJson(text));
  if (parsed.success) return { ok: true, data: parsed.data };
  const mistakes = z.prettifyError(parsed.error).slice(0, MOST_REASON_CHARACTERS);
  return { ok: false, reason: `The body is not a question: ${mistakes}` };
}

export function writeVerdicts([verdict]: readonly Verdict[], response: ServerResponse): void {
  writeAnswer(response, verdict ? answerOf(verdict) : null);
}

/** Always 200: a refused key is an answer, not an error. */
export function writeAnswer(response: ServerResponse, value: unknown): void {
  const answer = asciiJson(value);
  response.writeHead(200, [
    'Content-Type',
    'application/json',
    'Content-Length',
    String(answer.length),
    'Cache-Control',
    'no-store',
    'Keep-Alive',
    KEEP_ALIVE,
  ]);
  response.end(answer);
}

/** What a program is told of one verdict. */
export function answerOf(verdict: Verdict): object {
  return verdict.allowed ? allowedAnswer(verdict) : refusedAnswer(verdict);
}

function allowedAnswer(verdict: Extract<Verdict, { allowed: true }>) {
  const { caller, api, version, operationId, plan, limits, keyEndsAtMs, deprecation, warnings } = verdict;
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
    ...(warnings
      ? {
          policyWarnings: warnings.map(({ slug, title, rule, enforcedAtMs }) => ({
            policy: slug,
            title,
            rule,
            enforcedAt: timeOrNull(enforcedAtMs),
          })),
        }
      : {}),
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

/** All limits, and of each kind the one with the least left. */
function limitsAnswer(limits: readonly LimitState[] | null) {
  const rate = tightest(limits, 'rate');
  const quota = tightest(limits, 'quota');
  return {
    rateLimit: rate && {
      limit: rate.limit,
      windowSeconds: rate.windowSeconds,
      remaining: rate.remaining,
      resetSeconds: rate.resetSeconds,
    },
    quota: quota && { limit: quota.limit, remaining: quota.remaining, resetAt: timeOrNull(quota.resetAtMs) },
    limits: (limits ?? []).map(({ resetAtMs, ...state }) => ({ ...state, resetAt: timeOrNull(resetAtMs) })),
  };
}

function tightest(limits: readonly LimitState[] | null, kind: LimitState['kind']): LimitState | null {
  const found = limits?.filter((limit) => limit.kind === kind) ?? [];
  return found.reduce<LimitState | null>(
    (least, limit) => (least && least.remaining <= limit.remaining ? least : limit),
    null,
  );
}

async function readText(request: IncomingMessage, mostBytes: number): Promise<string | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  // Not destroyed at the limit, so that the refusal still reaches the caller.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > mostBytes) return null;
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
