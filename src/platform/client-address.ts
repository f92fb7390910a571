import { type IpAddress, createAllowlist, parseCidr, parseIpAddress } from './ip-address.ts';
import { trimCharacters } from './trim-characters.ts';

export interface ClientAddressResolver {
  /** True for a peer whose X-Forwarded-For is believed. */
  trusts(address: IpAddress): boolean;
  /**
   * The address a request came from. Behind trusted proxies: the rightmost entry of X-Forwarded-For that is not a
   * trusted proxy itself, since everything left of it was written by somebody unknown. Other headers are not read.
   * @returns null when it cannot be known; whatever depends on the address must then refuse.
   */
  resolve(socketAddress: string | undefined, xForwardedFor: string | undefined): IpAddress | null;
}

/**
 * @param trustedProxies addresses and CIDR ranges, as in TRUSTED_PROXIES
 * @throws for an entry that is neither, so that a typing error never widens or narrows trust silently
 */
export function createClientAddressResolver(trustedProxies: readonly string[]): ClientAddressResolver {
  const proxies = createAllowlist(
    trustedProxies.map((entry) => {
      const range = parseCidr(entry);
      if (!range) throw new Error(`TRUSTED_PROXIES: "${entry}" is neither an IP address nor a CIDR range`);
      return range;
    }),
  );
  const trusts = (address: IpAddress): boolean => proxies.includes(address);
  return {
    trusts,
    resolve(socketAddress, xForwardedFor) {
      const peer = parseSocketAddress(socketAddress);
      if (!peer || xForwardedFor === undefined || !trusts(peer)) return peer;
      return rightmostUntrusted(xForwardedFor, trusts);
    },
  };
}

function rightmostUntrusted(xForwardedFor: string, trusts: (address: IpAddress) => boolean): IpAddress | null {
  let address: IpAddress | null = null;
  for (const entry of xForwardedFor.split(',').reverse()) {
    address = parseIpAddress(trimCharacters(entry, ' \t'));
    if (!address || !trusts(address)) return address;
  }
  return address;
}

/** The address of a socket's peer; the kernel may add a zone to a link-local one. */
function parseSocketAddress(socketAddress: string | undefined): IpAddress | null {
  return parseIpAddress(socketAddress?.split('%', 1)[0] ?? '');
}
