import type { Allowed, Limits } from './verdict.ts';

/** Headers that tell the service behind a gateway who calls. */
export const IDENTITY_HEADERS = [
  'Gatehouse-Key-Id',
  'Gatehouse-Application-Id',
  'Gatehouse-Team-Id',
  'Gatehouse-Environment',
  'Gatehouse-Api',
  'Gatehouse-Version',
  'Gatehouse-Operation',
  'Gatehouse-Plan',
  'Gatehouse-Scopes',
] as const;

/**
 * All identity headers as a flat list of names and values, empty where there is none: Caddy copies a literal
 * placeholder, or the caller's own header, when an answer lacks one that it was told to copy.
 */
export function identityHeaders({ caller, api, version, operationId, plan }: Allowed): string[] {
  return [
    'Gatehouse-Key-Id',
    caller.keyId,
    'Gatehouse-Application-Id',
    caller.applicationId,
    'Gatehouse-Team-Id',
    caller.teamId,
    'Gatehouse-Environment',
    caller.environment,
    'Gatehouse-Api',
    api,
    'Gatehouse-Version',
    version,
    'Gatehouse-Operation',
    headerText(operationId),
    'Gatehouse-Plan',
    plan?.slug ?? '',
    'Gatehouse-Scopes',
    plan?.scopes ?? '',
  ];
}

/** `RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers-11) as a flat list; empty without limits. */
export function limitHeaders(limits: Limits | null): string[] {
  if (!limits) return [];
  const { rate, quota } = limits;
  return [
    'RateLimit-Policy',
    `"rate";q=${rate.limit};w=${rate.windowSeconds}, "quota";q=${quota.limit};w=${quota.windowSeconds}`,
    'RateLimit',
    `"rate";r=${rate.remaining};t=${rate.resetSeconds}, "quota";r=${quota.remaining};t=${quota.resetSeconds}`,
  ];
}

/** JSON that may stand in a header: everything beyond printable ASCII is escaped. */
export function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** An operation id comes from a document and may hold any character; headers may not. */
function headerText(text: string): string {
  return /^[\x20-\x7e]*$/.test(text) ? text : encodeURIComponent(text.toWellFormed());
}
