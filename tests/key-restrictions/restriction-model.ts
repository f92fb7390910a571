/**
 * Restrictions as simple as possible: each named choice is the set of situations that it lets through, written down by
 * hand. Wider means: lets through a situation that the other does not.
 */

const addresses = {
  any: ['office', 'desk', 'branch', 'elsewhere'],
  office: ['office', 'desk'],
  'office in halves': ['office', 'desk'],
  desk: ['desk'],
  'office and branch': ['office', 'desk', 'branch'],
} as const;

const methods = {
  any: ['GET', 'HEAD', 'POST'],
  GET: ['GET', 'HEAD'],
  'GET and HEAD': ['GET', 'HEAD'],
  HEAD: ['HEAD'],
  POST: ['POST'],
} as const;

const operations = {
  any: ['list', 'create', 'other'],
  list: ['list'],
  create: ['create'],
  both: ['list', 'create'],
} as const;
const scopes = { any: ['read', 'write', 'later'], read: ['read'], write: ['write'], both: ['read', 'write'] } as const;

const sites = {
  any: ['none', 'app', 'shop', 'foreign'],
  app: ['app'],
  below: ['app', 'shop'],
  'app and below': ['app', 'shop'],
} as const;

const choices = { addresses, methods, operations, scopes, sites };
export type LimitKind = keyof typeof choices;
export type Limits = { [Kind in LimitKind]: keyof (typeof choices)[Kind] };
export type LimitChange = Partial<Limits>;

export const NO_LIMITS: Limits = { addresses: 'any', methods: 'any', operations: 'any', scopes: 'any', sites: 'any' };
export const LIMIT_KINDS = Object.keys(choices) as LimitKind[];

export function choicesOf<Kind extends LimitKind>(kind: Kind): Limits[Kind][] {
  return Object.keys(choices[kind]) as Limits[Kind][];
}

/** What one choice lets through. */
export function passes(kind: LimitKind, choice: string): readonly string[] {
  return (choices[kind] as Record<string, readonly string[]>)[choice] ?? [];
}

export function isWider(current: Limits, next: Limits): boolean {
  return LIMIT_KINDS.some((kind) => {
    const known = passes(kind, current[kind]);
    return passes(kind, next[kind]).some((situation) => !known.includes(situation));
  });
}

/** A call: from where, of which page, and what for. */
export interface ModelCall {
  from: 'office' | 'desk' | 'branch' | 'elsewhere';
  site: 'none' | 'app' | 'shop' | 'foreign';
  what: 'list' | 'look' | 'create';
}

const calls = {
  list: { method: 'GET', operation: 'list', scope: 'read' },
  look: { method: 'HEAD', operation: 'list', scope: 'read' },
  create: { method: 'POST', operation: 'create', scope: 'write' },
} as const;

/** The code of the first limit that a call meets; null when it meets none. */
export function refusalOf(limits: Limits, { from, site, what }: ModelCall): string | null {
  const { method, operation, scope } = calls[what];
  const checks: readonly (readonly [LimitKind, string, string])[] = [
    ['addresses', from, 'address_not_allowed'],
    ['sites', site, 'referrer_not_allowed'],
    ['methods', method, 'method_not_allowed_for_key'],
    ['operations', operation, 'operation_not_allowed_for_key'],
    ['scopes', scope, 'insufficient_scope'],
  ];
  return checks.find(([kind, situation]) => !passes(kind, limits[kind]).includes(situation))?.[2] ?? null;
}
