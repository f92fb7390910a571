import type { Problem } from '../platform/problem.ts';
import { type Limits, type Refusal, type Refused, refusals } from './verdict.ts';

const REALM = 'realm="gatehouse"';
const MONTHS = 'January February March April May June July August September October November December'.split(' ');

/** RFC 9457 problem of a refusal. Its facts reach only who presented the whole key. */
export function refusalProblem({ refusal }: Refused): Problem {
  const { status, title, explanation, remedy } = refusals[refusal.code];
  return {
    code: refusal.code,
    status,
    title,
    detail: `${factOf(refusal) ?? explanation} ${remedy}`,
    ...('limits' in refusal ? { extra: limitMembers(refusal.code, refusal.limits) } : {}),
  };
}

/**
 * Headers of a refusal besides the content type, as a flat list of names and values: the challenge of a 401
 * (RFC 6750 and RFC 7617), the `Retry-After` of a 429 or 503.
 */
export function refusalHeaders({ refusal }: Refused): string[] {
  const { status, title } = refusals[refusal.code];
  if (status === 401) {
    const error = refusal.code === 'missing_credential' ? '' : `, error="invalid_token", error_description="${title}"`;
    return ['WWW-Authenticate', `Bearer ${REALM}${error}, Basic ${REALM}, charset="UTF-8"`];
  }
  if (refusal.code === 'insufficient_scope') {
    return ['WWW-Authenticate', `Bearer ${REALM}, error="insufficient_scope"`];
  }
  if (refusal.code === 'unavailable') return ['Retry-After', '1'];
  return 'limits' in refusal ? ['Retry-After', String(retryAfterSeconds(refusal.code, refusal.limits))] : [];
}

/** Such as `3 March 2026 at 10:00 UTC`. */
export function exactTime(atMs: number): string {
  const date = new Date(atMs);
  const month = MONTHS[date.getUTCMonth()] ?? '';
  return `${date.getUTCDate()} ${month} ${date.getUTCFullYear()} at ${date.toISOString().slice(11, 16)} UTC`;
}

function factOf(refusal: Refusal): string | null {
  switch (refusal.code) {
    case 'key_expired':
      return `This key expired on ${exactTime(refusal.atMs)}.`;
    case 'key_replaced':
      return `This key was replaced and stopped working on ${exactTime(refusal.atMs)}.`;
    case 'key_revoked':
      return `This key was revoked on ${exactTime(refusal.atMs)}.`;
    case 'key_suspended':
      return `This key is suspended since ${exactTime(refusal.atMs)}.`;
    case 'address_not_allowed':
      return `${refusal.address} is not on this key's allowlist.`;
    case 'not_subscribed':
      return `The application of this key has no plan for the API "${refusal.api}".`;
    case 'version_retired':
      return `Version ${refusal.version} of the API "${refusal.api}" is no longer served.`;
    case 'insufficient_scope':
      return `The plan "${refusal.plan}" does not include: ${refusal.missing.join(', ')}.`;
    case 'rate_limited':
      return `The plan allows ${refusal.limits.rate.limit} calls in ${refusal.limits.rate.windowSeconds} seconds.`;
    case 'quota_exceeded':
      return `All ${refusal.limits.quota.limit} calls of this period are used; the quota renews on ${exactTime(refusal.limits.quota.resetAtMs)}.`;
    case 'missing_credential':
    case 'several_credentials':
    case 'malformed_key':
    case 'unknown_key':
    case 'key_in_query':
    case 'unknown_api':
    case 'unknown_operation':
    case 'ambiguous_path':
    case 'address_unknown':
    case 'unavailable':
      return null;
  }
}

function limitMembers(code: string, limits: Limits): Record<string, unknown> {
  const policy = code === 'rate_limited' ? 'rate' : 'quota';
  return { 'violated-policies': [policy], 'retry-after-seconds': retryAfterSeconds(code, limits) };
}

function retryAfterSeconds(code: string, limits: Limits): number {
  return Math.max(1, code === 'rate_limited' ? limits.rate.resetSeconds : limits.quota.resetSeconds);
}
