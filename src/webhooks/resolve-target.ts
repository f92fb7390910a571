import { Resolver } from 'node:dns/promises';

import { type TargetPolicy, isAddressAllowed, literalAddress } from './target-url.ts';

/** Asks the DNS for all addresses of a name; none when there is none, or no answer. */
export type ResolveName = (hostname: string, signal: AbortSignal) => Promise<readonly string[]>;

const TRY_MS = 1500;
const TRIES = 2;

/**
 * Asks name servers itself: `getaddrinfo` waits in a thread that passwords are hashed in, so that a few names whose
 * server is silent would hold up everybody's sign-in.
 * @param servers such as `192.0.2.53`; by default those of the system
 */
export function createNameResolver(servers?: readonly string[]): ResolveName {
  return async (hostname, signal) => {
    // RFC 6761: never asked for.
    if (hostname === 'localhost' || hostname.endsWith('.localhost')) return ['127.0.0.1', '::1'];
    const resolver = new Resolver({ timeout: TRY_MS, tries: TRIES });
    if (servers) resolver.setServers(servers);
    const cancel = (): void => resolver.cancel();
    signal.addEventListener('abort', cancel);
    try {
      const found = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
      return found.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  };
}

/**
 * All addresses of a URL's host, each checked, to connect to without asking again: a second answer could be another
 * one (DNS rebinding). null when there is none, or when any of them is not allowed.
 */
export async function resolveTarget(
  resolveName: ResolveName,
  url: URL,
  policy: TargetPolicy,
  signal: AbortSignal,
): Promise<readonly string[] | null> {
  const literal = literalAddress(url.hostname);
  const addresses = literal === null ? await resolveName(url.hostname, signal) : [literal];
  return addresses.length > 0 && addresses.every((address) => isAddressAllowed(address, policy)) ? addresses : null;
}
