import { type Cidr, type IpAddress, createAllowlist, parseCidr, parseIpAddress } from './ip-address.ts';

/**
 * `public`: reachable from everywhere. `private`: this machine or its networks. `never`: no service stands there, or
 * one that hands out credentials of the machine.
 */
export type AddressReach = 'public' | 'private' | 'never';

/** Loopback, RFC 1918, RFC 4193, and shared addresses of carriers (RFC 6598). */
const privateRanges = among(['127.0.0.0/8', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10']);
const privateRanges6 = among(['::1/128', 'fc00::/7']);

/** Metadata services of clouds, in ranges that are otherwise private. */
const metadata = among(['100.100.100.200/32', 'fd00:ec2::254/128']);

/** IANA IPv4 Special-Purpose Address Registry, what is not private above; multicast; reserved. */
const special = among([
  '0.0.0.0/8',
  '169.254.0.0/16',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
]);

/** Global unicast is 2000::/3 alone; everything else (mapped, compatible, NAT64, link-local, multicast) is not. */
const global6 = among(['2000::/3']);
/** IETF protocols with Teredo and ORCHID; documentation; 6to4; documentation once more. */
const special6 = among(['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']);

/**
 * Where an address lies (yardstick A15). IPv4 written as IPv6 (`::ffff:`) is never right: nobody publishes such an
 * address, and systems differ in what they make of it.
 */
export function reachOfAddress(text: string): AddressReach {
  const address = parseIpAddress(text);
  if (!address) return 'never';
  if (address.family === 'ipv4') return text.includes(':') ? 'never' : reachOfIpv4(address);
  if (metadata.includes(address)) return 'never';
  if (privateRanges6.includes(address)) return 'private';
  return global6.includes(address) && !special6.includes(address) ? 'public' : 'never';
}

function reachOfIpv4(address: IpAddress): AddressReach {
  if (metadata.includes(address) || special.includes(address)) return 'never';
  return privateRanges.includes(address) ? 'private' : 'public';
}

function among(texts: readonly string[]) {
  return createAllowlist(texts.map(parseCidr).filter((cidr): cidr is Cidr => cidr !== null));
}
