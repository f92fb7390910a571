/** The closed list of verdicts, and what to tell people about each. Pure: the portal's error pages read the same table. */

/** What a refusal means to the developer who meets it; the page `/errors/<code>` shows it too. */
export interface RefusalText {
  status: number;
  title: string;
  explanation: string;
  remedy: string;
}

export const refusals = {
  missing_credential: {
    status: 401,
    title: 'API key missing',
    explanation: 'The call carried no API key.',
    remedy:
      'Send your key in the header "Authorization: Bearer <key>" or "X-API-Key: <key>", or as the user name of HTTP Basic.',
  },
  several_credentials: {
    status: 400,
    title: 'More than one credential',
    explanation: 'The call carried two different credentials, so it is not clear who is calling.',
    remedy: 'Send exactly one key, in one header.',
  },
  malformed_key: {
    status: 401,
    title: 'Not an API key',
    explanation: 'The credential is not an API key of this portal: its shape or its checksum is wrong.',
    remedy: 'Copy the whole key again, from its prefix to its last character, without blanks or quotes.',
  },
  unknown_key: {
    status: 401,
    title: 'Unknown API key',
    explanation: 'The key has the right shape, but no such key exists here.',
    remedy: 'Check that the key belongs to this portal, or issue a new one.',
  },
  key_expired: {
    status: 401,
    title: 'API key expired',
    explanation: 'The key reached its expiry date and no longer works.',
    remedy: 'Issue a new key on the page of your application and use it instead.',
  },
  key_revoked: {
    status: 401,
    title: 'API key revoked',
    explanation: 'The key was ended for good, or its application was deleted.',
    remedy: 'Issue a new key on the page of your application and use it instead.',
  },
  key_suspended: {
    status: 403,
    title: 'API key suspended',
    explanation: 'The key is paused; it has not ended.',
    remedy: 'Ask the provider why it was suspended, or resume it on its page if you suspended it yourself.',
  },
  key_in_query: {
    status: 400,
    title: 'API key in the URL',
    explanation:
      'An API key was found in the query string. URLs are written to logs and histories, so the key must be regarded as leaked.',
    remedy: 'Send keys in a header only, and replace this key now.',
  },
  key_replaced: {
    status: 401,
    title: 'API key replaced',
    explanation: 'The key was rotated, and the time in which the old and the new key both worked is over.',
    remedy: 'Use the key that replaced it; its page in the portal says which one that is.',
  },
  unknown_api: {
    status: 404,
    title: 'No such API',
    explanation: 'The address names no API and version that is published here.',
    remedy: 'Compare the beginning of the path, /<api>/<version>, with the documentation.',
  },
  unknown_operation: {
    status: 404,
    title: 'No such operation',
    explanation: 'The API exists, but its document has no operation with this method and path.',
    remedy: 'Compare method and path with the documentation, letter by letter; a slash at the end counts.',
  },
  ambiguous_path: {
    status: 400,
    title: 'Ambiguous path',
    explanation:
      'Two servers could read the path differently: it holds dot segments, empty segments, semicolons, control characters, encoded slashes or broken or double encodings.',
    remedy: 'Send the path in its plain form, each value percent-encoded once.',
  },
  version_retired: {
    status: 410,
    title: 'Version retired',
    explanation: 'This version of the API is no longer served.',
    remedy: 'Move to a current version; the page of the API lists them and what changed.',
  },
  not_subscribed: {
    status: 403,
    title: 'Not subscribed',
    explanation: 'The application of this key has no plan for this API.',
    remedy: 'Subscribe the application to the API on its page in the portal; the key then works at once.',
  },
  address_unknown: {
    status: 403,
    title: 'Address not known',
    explanation: 'The key is restricted to certain addresses, but the address of this call could not be determined.',
    remedy:
      'Call the API directly; if you operate the gateway, check the X-Forwarded-For that it sends and TRUSTED_PROXIES.',
  },
  address_not_allowed: {
    status: 403,
    title: 'Address not allowed',
    explanation: 'The key has an IP allowlist, and the address of this call is not on it.',
    remedy: 'Call from an allowed address, or add this one to the allowlist on the page of the key.',
  },
  insufficient_scope: {
    status: 403,
    title: 'Scope missing',
    explanation: 'The operation asks for a scope that the plan of the application does not include.',
    remedy: 'Choose a plan with that scope; the page of the API shows what each plan includes.',
  },
  rate_limited: {
    status: 429,
    title: 'Too many calls',
    explanation: 'The application called faster than the rate limit of its plan allows.',
    remedy: 'Wait as long as the Retry-After header says, then go on; spread calls evenly.',
  },
  quota_exceeded: {
    status: 429,
    title: 'Quota used up',
    explanation: 'The application has used the whole quota of its plan for this period.',
    remedy: 'Wait until the quota renews, or change to a plan with a larger one.',
  },
  unavailable: {
    status: 503,
    title: 'Verification unavailable',
    explanation: 'The key could not be verified just now, so the call was refused.',
    remedy: 'Try again in a moment; if it stays so, tell the provider.',
  },
} as const satisfies Record<string, RefusalText>;

export type RefusalCode = keyof typeof refusals;

/** Why a call was refused, with the facts a developer can act on. */
export type Refusal =
  | { code: 'key_expired' | 'key_replaced' | 'key_revoked' | 'key_suspended'; atMs: number }
  | { code: 'address_not_allowed'; address: string }
  | { code: 'not_subscribed'; api: string }
  | { code: 'version_retired'; api: string; version: string }
  | { code: 'insufficient_scope'; plan: string; missing: readonly string[] }
  | { code: 'rate_limited' | 'quota_exceeded'; limits: Limits }
  | { code: Exclude<RefusalCode, CodeWithFacts> };

type CodeWithFacts =
  | 'key_expired'
  | 'key_replaced'
  | 'key_revoked'
  | 'key_suspended'
  | 'address_not_allowed'
  | 'not_subscribed'
  | 'version_retired'
  | 'insufficient_scope'
  | 'rate_limited'
  | 'quota_exceeded';

/** Who is calling. */
export interface Caller {
  keyId: string;
  applicationId: string;
  teamId: string;
  environment: 'live' | 'test';
}

/** What is left after this call. */
export interface Limits {
  rate: {
    limit: number;
    windowSeconds: number;
    remaining: number;
    /** Until one more call is allowed. */ resetSeconds: number;
  };
  quota: { limit: number; windowSeconds: number; remaining: number; resetSeconds: number; resetAtMs: number };
}

export interface Allowed {
  allowed: true;
  caller: Caller;
  /** What was asked for; '' where the question named none. */
  api: string;
  version: string;
  operationId: string;
  /** null when the question named no API: then only the key was verified. */
  plan: { slug: string; /** Space-separated. */ scopes: string } | null;
  limits: Limits | null;
  /** When a key that was rotated stops working; null for one that was not. */
  keyEndsAtMs: number | null;
  /** What the version that was called is on its way to; null while it is not deprecated. */
  deprecation: VersionDeprecation | null;
}

export interface VersionDeprecation {
  deprecatedAtMs: number;
  sunsetAtMs: number | null;
  /** Newest active version of the same API; null when there is none. */
  successor: string | null;
}

export interface Refused {
  allowed: false;
  /** null when the call proved no key. */
  caller: Caller | null;
  refusal: Refusal;
}

export type Verdict = Allowed | Refused;

export function refused(caller: Caller | null, refusal: Refusal): Refused {
  return { allowed: false, caller, refusal };
}
