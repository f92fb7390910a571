import type { Violation } from '../policies/policy-book.ts';
import { ruleBroken, ruleRemedies } from '../policies/policy-text.ts';
import type { Problem } from '../platform/problem.ts';
import { type LimitState, type Refusal, type Refused, refusals } from './verdict.ts';

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
    ...('violated' in refusal ? { extra: limitMembers(refusal) } : {}),
    ...('successor' in refusal ? successorMembers(refusal) : {}),
    ...('violation' in refusal ? policyMembers(refusal.violation) : {}),
  };
}

/**
 * Headers of a refusal besides the content type, as a flat list of names and values: the challenge of a 401
 * (RFC 6750 and RFC 7617), the `Retry-After` of a 429, of a 503 and of a brown-out.
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
  return 'retryAfterSeconds' in refusal ? ['Retry-After', String(refusal.retryAfterSeconds)] : [];
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
    case 'application_suspended':
      return `The application of this key is suspended since ${exactTime(refusal.atMs)}.`;
    case 'team_suspended':
      return `The team of this key is suspended since ${exactTime(refusal.atMs)}.`;
    case 'address_not_allowed':
      return `${refusal.address} is not on this key's allowlist.`;
    case 'not_subscribed':
      return `The application of this key has no plan for the API "${refusal.api}".`;
    case 'version_retired':
      return `Version ${refusal.version} of the API "${refusal.api}" is no longer served.${moveTo(refusal.successor)}`;
    case 'brown_out':
      return brownOutFact(refusal);
    case 'referrer_not_allowed':
      return refusal.site === null
        ? 'This key works only on the pages of certain sites, and the call does not say which page it comes from.'
        : `${shownName(refusal.site)} is not among the sites of this key.`;
    case 'method_not_allowed_for_key':
      return refusal.method === null ? null : `This key must not be used with ${shownName(refusal.method)}.`;
    case 'operation_not_allowed_for_key':
      return refusal.operationId === null
        ? null
        : `This key must not be used for the operation "${shownName(refusal.operationId)}".`;
    case 'insufficient_scope':
      return refusal.isLimitedByKey
        ? `This key is limited to other scopes than: ${refusal.missing.join(', ')}.`
        : `The plan "${refusal.plan}" does not include: ${refusal.missing.join(', ')}.`;
    case 'policy_violated':
      return policyFact(refusal.violation);
    case 'rate_limited':
      return violatedRates(refusal.violated);
    case 'quota_exceeded':
      return violatedQuota(refusal.violated);
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

function moveTo(successor: string | null): string {
  return successor === null ? '' : ` Version ${successor} replaces it.`;
}

function brownOutFact({
  api,
  version,
  successor,
  untilMs,
  sunsetAtMs,
}: Extract<Refusal, { code: 'brown_out' }>): string {
  const end = sunsetAtMs === null ? '' : ` It ends on ${exactTime(sunsetAtMs)}.`;
  return `Version ${version} of the API "${api}" refuses all calls until ${exactTime(untilMs)}, as announced.${end}${moveTo(successor)}`;
}

/** Where to move to, for programs and for people. */
function successorMembers({
  api,
  successor,
}: Extract<Refusal, { successor: unknown }>): Pick<Problem, 'page' | 'extra'> {
  return { page: `/docs/${api}${successor === null ? '' : `/${successor}`}`, extra: { successor } };
}

function policyFact({ title, rule }: Violation): string {
  return `This key ${ruleBroken[rule]}, which the security policy "${title}" forbids. ${ruleRemedies[rule]}`;
}

/** Which policy and rule it was, for programs, and where people can read about it. */
function policyMembers({ slug, rule }: Violation): Pick<Problem, 'page' | 'extra'> {
  return { page: `/policies/${slug}`, extra: { policy: slug, rule } };
}

/** A method can be any token that a caller makes up. */
function shownName(text: string): string {
  return text.slice(0, 100);
}

type OverLimit = Extract<Refusal, { violated: unknown }>;

function limitMembers({ violated, retryAfterSeconds }: OverLimit): Record<string, unknown> {
  return { 'violated-policies': violated.map(({ name }) => name), 'retry-after-seconds': retryAfterSeconds };
}

function violatedRates(violated: readonly LimitState[]): string | null {
  const rates = violated.filter(({ kind }) => kind === 'rate');
  const texts = rates.map(({ limit, windowSeconds }) => `${limit} calls in ${windowSeconds} seconds`);
  return texts.length === 0 ? null : `The plan allows ${texts.join(' and ')}.`;
}

/** The one that renews last: until then nothing passes. */
function violatedQuota(violated: readonly LimitState[]): string | null {
  const last = violated.filter(({ kind }) => kind === 'quota').sort((a, b) => b.resetAtMs - a.resetAtMs)[0];
  if (!last) return null;
  const renewal = `the quota renews on ${exactTime(last.resetAtMs)}.`;
  return last.remaining > 0
    ? `${last.remaining} of ${last.limit} calls of this period are left, and this call costs more; ${renewal}`
    : `All ${last.limit} calls of this period are used; ${renewal}`;
}
