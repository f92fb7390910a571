import type { Violation } from '../policies/policy-book.ts';
import type { Allowed, LimitState } from './verdict.ts';

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
 * placeholder, or the caller's own header, when an answer lacks one that it was told to copy. In lower case, as HTTP/2 has
 * them, because node:http puts every name into it anyway.
 */
export function identityHeaders({ caller, api, version, operationId, plan }: Allowed): string[] {
  return [
    'gatehouse-key-id',
    caller.keyId,
    'gatehouse-application-id',
    caller.applicationId,
    'gatehouse-team-id',
    caller.teamId,
    'gatehouse-environment',
    caller.environment,
    'gatehouse-api',
    api,
    'gatehouse-version',
    version,
    'gatehouse-operation',
    headerText(operationId),
    'gatehouse-plan',
    plan?.slug ?? '',
    'gatehouse-scopes',
    plan?.scopes ?? '',
  ];
}

/** `RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers-11) as a flat list; empty without limits. */
export function limitHeaders(limits: readonly LimitState[] | null): string[] {
  if (!limits || limits.length === 0) return [];
  let states = '';
  for (const { name, remaining, resetSeconds } of limits) {
    if (states !== '') states += ', ';
    states += `"${name}";r=${remaining};t=${resetSeconds}`;
  }
  return ['RateLimit-Policy', policiesOf(limits), 'RateLimit', states];
}

/** Of the call before: most calls have the limits of one of few plans. */
let latest: { limits: readonly LimitState[]; policies: string } = { limits: [], policies: '' };

function policiesOf(limits: readonly LimitState[]): string {
  if (!haveSamePolicies(limits, latest.limits)) {
    const policies = limits.map(({ name, limit, windowSeconds }) => `"${name}";q=${limit};w=${windowSeconds}`);
    latest = { limits, policies: policies.join(', ') };
  }
  return latest.policies;
}

function haveSamePolicies(some: readonly LimitState[], others: readonly LimitState[]): boolean {
  if (some.length !== others.length) return false;
  for (let index = 0; index < some.length; index += 1) {
    const [one, other] = [some[index], others[index]];
    if (one?.limit !== other?.limit || one?.windowSeconds !== other?.windowSeconds || one?.name !== other?.name)
      return false;
  }
  return true;
}

/** Names of the headers that `endingHeaders` may give. */
export const ENDING_HEADERS = [
  'Deprecation',
  'Sunset',
  'Link',
  'Gatehouse-Key-Expires',
  'Gatehouse-Policy-Warning',
] as const;

/**
 * What a caller should know before it is too late, as a flat list; empty when nothing ends. `Deprecation` (RFC 9745)
 * and `Sunset` (RFC 8594) of the version or operation with links to the notice about it, or else to its page, and to
 * its successor; the end of a rotated key as a
 * structured-field date (RFC 9651) with a link to the page of the key.
 */
export function endingHeaders(verdict: Allowed, publicUrl: string): string[] {
  const { caller, api, keyEndsAtMs, deprecation, warnings } = verdict;
  const headers = warnings ? warningHeaders(warnings, publicUrl) : [];
  if (keyEndsAtMs === null && !deprecation) return headers;
  const links: string[] = [];
  if (deprecation) {
    headers.push('Deprecation', `@${Math.floor(deprecation.deprecatedAtMs / 1000)}`);
    if (deprecation.sunsetAtMs !== null) headers.push('Sunset', new Date(deprecation.sunsetAtMs).toUTCString());
    const page = deprecation.notice === undefined ? `/docs/${api}` : `/notices/${deprecation.notice}`;
    links.push(`<${publicUrl}${page}>; rel="deprecation"; type="text/html"`);
    if (deprecation.notice !== undefined) links.push(`<${publicUrl}${page}>; rel="sunset"; type="text/html"`);
    if (deprecation.successor !== null)
      links.push(`<${publicUrl}/docs/${api}/${deprecation.successor}>; rel="successor-version"`);
  }
  if (keyEndsAtMs !== null) {
    headers.push('Gatehouse-Key-Expires', `@${Math.floor(keyEndsAtMs / 1000)}`);
    const page = `${publicUrl}/applications/${caller.applicationId}/keys/${caller.keyId}`;
    links.push(`<${page}>; rel="related"; title="This key was replaced"`);
  }
  return [...headers, 'Link', links.join(', ')];
}

/**
 * Security policies that will refuse such calls: a structured-field list (RFC 9651) of their names, with the rule that
 * is broken, when it is enforced (no date: not decided yet), and where it can be read.
 */
function warningHeaders(warnings: readonly Violation[], publicUrl: string): string[] {
  const members = warnings.map(({ slug, rule, enforcedAtMs }) => {
    const enforced = enforcedAtMs === null ? '' : `;enforced=@${Math.floor(enforcedAtMs / 1000)}`;
    return `"${slug}";rule=${rule}${enforced};about="${publicUrl}/policies/${slug}"`;
  });
  return ['Gatehouse-Policy-Warning', members.join(', ')];
}

/** The same with every header present, empty where there is none: for gateways that copy what they are told to. */
export function allEndingHeaders(verdict: Allowed, publicUrl: string): string[] {
  const given = endingHeaders(verdict, publicUrl);
  return ENDING_HEADERS.flatMap((name) => {
    const at = given.indexOf(name);
    return [name, at === -1 ? '' : (given[at + 1] ?? '')];
  });
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
