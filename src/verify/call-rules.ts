import { operationName } from '../key-restrictions/key-restrictions.ts';
import {
  type ReferrerPattern,
  matchesReferrer,
  parseReferrerPattern,
  readCallOrigin,
} from '../key-restrictions/referrer-pattern.ts';
import type { Target } from './target.ts';
import type { Refusal } from './verdict.ts';

/** What a key is limited to beside addresses; null where it is not. */
export interface CallRules {
  scopes: ReadonlySet<string> | null;
  methods: ReadonlySet<string> | null;
  /** Operations by their `operationName`. */
  operations: ReadonlySet<string> | null;
  referrers: readonly ReferrerPattern[] | null;
}

/** Reads the stored restrictions of a key; null when there are none. */
export type CallRulesReader = (stored: string) => CallRules | null;

/** Distinct restrictions kept parsed; more are parsed again. */
const MOST_PARSED = 10_000;

const NOTHING: CallRules = { scopes: new Set(), methods: new Set(), operations: new Set(), referrers: [] };

/** As with allowlists: the stored text says when they changed, and most keys have none. */
export function createCallRulesReader(): CallRulesReader {
  const parsed = new Map<string, CallRules>();
  return (stored) => {
    if (stored === '{}') return null;
    let rules = parsed.get(stored);
    if (!rules) {
      rules = readRules(stored);
      if (parsed.size >= MOST_PARSED) parsed.clear();
      parsed.set(stored, rules);
    }
    return rules;
  };
}

/** What is damaged, or of a kind that this program does not know and so cannot enforce, allows nothing. */
function readRules(stored: string): CallRules {
  try {
    const limits: unknown = JSON.parse(stored);
    if (typeof limits !== 'object' || Array.isArray(limits)) return NOTHING;
    const { scopes, methods, operations, referrers, ...unknown } = limits as Record<string, unknown>;
    if (Object.keys(unknown).length > 0) return NOTHING;
    return {
      scopes: readSet(scopes, String),
      methods: readSet(methods, String),
      operations: readSet(operations, (operation) => operationName(operation as Parameters<typeof operationName>[0])),
      referrers: readPatterns(referrers),
    };
  } catch {
    return NOTHING;
  }
}

function readSet(list: unknown, name: (item: unknown) => string): ReadonlySet<string> | null {
  return list === undefined ? null : new Set((list as readonly unknown[]).map(name));
}

function readPatterns(list: unknown): readonly ReferrerPattern[] | null {
  if (list === undefined) return null;
  return (list as readonly string[]).map(parseReferrerPattern).filter((pattern) => pattern !== null);
}

/** Why a call from this page may not pass; null when it may. */
export function refuseReferrer(
  { referrers }: CallRules,
  { origin, referrer }: { origin?: string | undefined; referrer?: string | undefined },
): Refusal | null {
  if (!referrers) return null;
  const from = readCallOrigin(origin, referrer);
  if (from && referrers.some((pattern) => matchesReferrer(pattern, from))) return null;
  const port = from && from.port !== '' ? `:${from.port}` : '';
  return { code: 'referrer_not_allowed', site: from && `${from.protocol}//${from.host}${port}` };
}

/**
 * Why this key may not be used with this method, or for this operation; null when it may. A question that names none
 * cannot be told from one that is forbidden.
 */
export function refuseCall({ methods, operations }: CallRules, target: Target, method: string | null): Refusal | null {
  // HEAD is GET without a body (RFC 9110, 9.3.2).
  const isPermitted = !methods || methods.has(method ?? '') || (method === 'HEAD' && methods.has('GET'));
  if (!isPermitted) return { code: 'method_not_allowed_for_key', method };
  if (!operations) return null;
  const { api, version, operation } = target;
  const operationId = operation?.operationId ?? null;
  const isListed = operationId !== null && operations.has(operationName({ api, version, operationId }));
  return isListed ? null : { code: 'operation_not_allowed_for_key', operationId };
}

/** The scopes that a plan and the key have both, space-separated. */
export function grantedScopes(planScopes: string, rules: CallRules | null): string {
  const scopes = rules?.scopes;
  if (!scopes) return planScopes;
  return planScopes
    .split(' ')
    .filter((scope) => scopes.has(scope))
    .join(' ');
}
