import { reachOfAddress } from '../platform/address-reach.ts';
import { type TargetRefusal, URL_MAX_LENGTH } from './webhook.ts';

/** What an installation allows as a target of webhooks. */
export interface TargetPolicy {
  /** For development: also http, addresses of this machine and its networks, and every port. */
  allowPrivate: boolean;
  /** Beside the port of the scheme. */
  ports: readonly number[];
}

export type ParsedTarget = { ok: true; url: URL } | { ok: false; refusal: TargetRefusal };

/** Blanks, controls and backslashes are dropped or turned by the URL parser: what is sent would not be what was read. */
const DANGEROUS = /[\s\p{Cc}\p{Cf}\\]/u;
const LABEL = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/;
/** Names that no public DNS knows (RFC 6761, 6762, 7686, 8375, ICANN's `internal`). */
const PRIVATE_SUFFIX = /(^|\.)(localhost|local|internal|home\.arpa|lan|onion|invalid|test|example)$/;

/**
 * Judges a URL by its text alone; the addresses of its host are checked when it is called (`resolve-target.ts`).
 * The URL parser has written every spelling of an IPv4 address (`0x7f.1`, `2130706433`, full-width digits) as four
 * decimals before it is judged.
 */
export function parseTarget(text: string, policy: TargetPolicy): ParsedTarget {
  const refuse = (refusal: TargetRefusal): ParsedTarget => ({ ok: false, refusal });
  if (text.length > URL_MAX_LENGTH || DANGEROUS.test(text) || !/^https?:\/\/[^/]/i.test(text))
    return refuse('not_a_url');
  const url = URL.parse(text);
  if (!url || url.href.length > URL_MAX_LENGTH) return refuse('not_a_url');
  if (url.protocol !== 'https:' && !policy.allowPrivate) return refuse('not_https');
  if (url.username !== '' || url.password !== '' || hasAt(text)) return refuse('has_credentials');
  if (text.includes('#')) return refuse('has_fragment');
  if (url.port !== '' && !policy.allowPrivate && !policy.ports.includes(Number(url.port))) {
    return refuse('port_not_allowed');
  }
  return isHostAllowed(url.hostname, policy) ? { ok: true, url } : refuse('no_public_address');
}

/** An empty account is no account to the parser, but to people who read the URL. */
function hasAt(text: string): boolean {
  return text.split(/[/?#]/)[2]?.includes('@') ?? false;
}

function isHostAllowed(hostname: string, policy: TargetPolicy): boolean {
  const literal = literalAddress(hostname);
  if (literal !== null) return isAddressAllowed(literal, policy);
  const labels = hostname.split('.');
  if (hostname.length > 253 || !labels.every((label) => LABEL.test(label))) return false;
  return policy.allowPrivate || (labels.length > 1 && !PRIVATE_SUFFIX.test(hostname));
}

/** The address when a host is one, not a name; null for a name. */
export function literalAddress(hostname: string): string | null {
  if (hostname.startsWith('[')) return hostname.slice(1, -1);
  return /^\d+\.\d+\.\d+\.\d+$/.test(hostname) ? hostname : null;
}

export function isAddressAllowed(address: string, { allowPrivate }: TargetPolicy): boolean {
  const reach = reachOfAddress(address);
  return reach === 'public' || (reach === 'private' && allowPrivate);
}
