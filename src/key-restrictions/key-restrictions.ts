/** What a key may be used for. An empty list restricts nothing. */
export interface KeyRestrictions {
  /** From where: ranges of addresses. */
  allowlist: readonly AllowlistEntry[];
  /** Empty means all that the plan has, also those that it gets later. */
  scopes: readonly string[];
  /** GET includes HEAD, which is the same call without a body in the answer (RFC 9110, 9.3.2). */
  methods: readonly CallMethod[];
  operations: readonly KeyOperation[];
  /**
   * Pages from which browsers may call: `https://app.example.com`, or `https://*.example.com` for every host below.
   * A weak restriction: programs can send any Origin.
   */
  referrers: readonly string[];
}

export interface AllowlistEntry {
  /** Canonical. */
  cidr: string;
  /** For people; '' for none. */
  note: string;
}

/** One operation of one version: a later version may do more under the same name. */
export interface KeyOperation {
  api: string;
  version: string;
  operationId: string;
}

export const CALL_METHODS = ['GET', 'HEAD', 'QUERY', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
export type CallMethod = (typeof CALL_METHODS)[number];

export type RestrictionKind = keyof KeyRestrictions;
export const RESTRICTION_KINDS = ['allowlist', 'scopes', 'methods', 'operations', 'referrers'] as const;

export const UNRESTRICTED: KeyRestrictions = { allowlist: [], scopes: [], methods: [], operations: [], referrers: [] };

export const ALLOWLIST_MAX_ENTRIES = 100;
export const ALLOWLIST_NOTE_MAX_LENGTH = 80;
export const KEY_SCOPES_MAX = 100;
export const KEY_OPERATIONS_MAX = 200;
export const KEY_REFERRERS_MAX = 20;

/** Some of them, to be set; what is absent stays as it is. */
export interface RestrictionChange extends Partial<KeyRestrictions> {
  /** Said knowingly: entries that cover the whole internet are refused without it. */
  wholeInternetConfirmed?: boolean | undefined;
}

/** What the keys of an application can be limited to: what its subscriptions let them do. */
export interface RestrictionChoices {
  /** Of all its plans, in alphabetical order. */
  scopes: readonly string[];
  /** In the order of the documents. */
  operations: readonly OperationChoice[];
}

export interface OperationChoice extends KeyOperation {
  method: string;
  path: string;
  summary: string;
  /** '' for none. */
  tag: string;
}

/** The lists of `next` that differ from those of `current`, as they were and as they become. */
export interface RestrictionDifference {
  kinds: readonly RestrictionKind[];
  before: Partial<KeyRestrictions>;
  after: Partial<KeyRestrictions>;
}

/** Only the five lists of what may hold more, such as a key. */
export function restrictionsOf({
  allowlist,
  scopes,
  methods,
  operations,
  referrers,
}: KeyRestrictions): KeyRestrictions {
  return { allowlist, scopes, methods, operations, referrers };
}

/** `current` with the lists that a change names. */
export function applyChange(current: KeyRestrictions, change: RestrictionChange): KeyRestrictions {
  return {
    allowlist: change.allowlist ?? current.allowlist,
    scopes: change.scopes ?? current.scopes,
    methods: change.methods ?? current.methods,
    operations: change.operations ?? current.operations,
    referrers: change.referrers ?? current.referrers,
  };
}

export function differenceOf(current: KeyRestrictions, next: KeyRestrictions): RestrictionDifference {
  const kinds = RESTRICTION_KINDS.filter((kind) => JSON.stringify(current[kind]) !== JSON.stringify(next[kind]));
  const pick = (from: KeyRestrictions): Partial<KeyRestrictions> =>
    Object.fromEntries(kinds.map((kind) => [kind, from[kind]]));
  return { kinds, before: pick(current), after: pick(next) };
}

export function isRestricted(restrictions: KeyRestrictions): boolean {
  return RESTRICTION_KINDS.some((kind) => restrictions[kind].length > 0);
}

/** One text for one operation: slugs, versions and operation ids of one API never share it with another. */
export function operationName({ api, version, operationId }: KeyOperation): string {
  return `${api}/${version}/${operationId}`;
}
