/** Every reason for which a call is refused, and what to tell people about it. The portal's error pages read the same table. */

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
  application_suspended: {
    status: 403,
    title: 'Application suspended',
    explanation: 'The provider has paused the application of this key, with all its keys.',
    remedy: 'The page of the application says why. Ask the provider to resume it.',
  },
  team_suspended: {
    status: 403,
    title: 'Team suspended',
    explanation: 'The provider has paused the team of this key, with all its applications and keys.',
    remedy: 'The page of the team says why. Ask the provider to resume it.',
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
  brown_out: {
    status: 410,
    title: 'Brown-out of a version that ends',
    explanation:
      'This version of the API ends soon. For a short, announced time it refuses all calls, so that who still depends on it finds out before it is gone.',
    remedy: 'Move to a current version now. Until then, calls work again after as long as the Retry-After header says.',
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
  referrer_not_allowed: {
    status: 403,
    title: 'Site not allowed',
    explanation: 'The key works only on the pages of certain sites, and the call came from none of them.',
    remedy:
      'Call from an allowed site, or add this one on the page of the key. Programs should use a key of their own.',
  },
  method_not_allowed_for_key: {
    status: 403,
    title: 'Method not allowed for this key',
    explanation: 'The key is limited to certain HTTP methods, and the method of this call is not among them.',
    remedy: 'Use a key that may do this, or allow the method on the page of the key.',
  },
  operation_not_allowed_for_key: {
    status: 403,
    title: 'Operation not allowed for this key',
    explanation: 'The key is limited to certain operations, and the one that was called is not among them.',
    remedy: 'Use a key that may do this, or allow the operation on the page of the key.',
  },
  insufficient_scope: {
    status: 403,
    title: 'Scope missing',
    explanation:
      'The operation asks for a scope that the plan of the application does not include, or the key is limited to other scopes.',
    remedy:
      'Choose a plan with that scope, or allow it on the page of the key; the page of the API shows what each plan includes.',
  },
  policy_violated: {
    status: 403,
    title: 'Against a security policy',
    explanation: 'A security policy of the provider is enforced, and this key, or the way it is used, is against it.',
    remedy: 'The page of the policy says what it asks for, and why.',
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
