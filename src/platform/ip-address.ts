import { BlockList, isIPv4, isIPv6 } from 'node:net';

export type Family = 'ipv4' | 'ipv6';

/** One address in its only spelling: IPv4-mapped IPv6 is IPv4, IPv6 is lower case and compressed (RFC 5952). */
export interface IpAddress {
  family: Family;
  text: string;
}

/** A range in its only spelling: host bits cleared, a single address as /32 or /128. */
export interface Cidr {
  family: Family;
  network: string;
  prefixLength: number;
  text: string;
}

export interface Allowlist {
  includes(address: IpAddress): boolean;
}

const BITS: Record<Family, number> = { ipv4: 32, ipv6: 128 };

/** null for anything that is not exactly one address: zones, ports, brackets, blanks, octal and integer forms. */
export function parseIpAddress(text: string): IpAddress | null {
  if (isIPv4(text)) return { family: 'ipv4', text };
  if (!isIPv6(text) || text.includes('%')) return null;
  return fromBits(addressBits({ family: 'ipv6', text: new URL(`http://[${text}]`).hostname.slice(1, -1) }), 'ipv6');
}

/**
 * `203.0.113.0/24`, `2001:db8::/32` or a single address; null for anything else.
 * A mapped range wider than IPv4 (`::ffff:0:0/90`) has no meaning once addresses are normalised and is refused.
 */
export function parseCidr(text: string): Cidr | null {
  const [addressText = '', lengthText, ...rest] = text.split('/');
  const address = parseIpAddress(addressText);
  if (!address || rest.length > 0) return null;
  const mapped = address.family === 'ipv4' && addressText.includes(':');
  if (lengthText === undefined) return cidr(address, BITS[address.family]);
  if (!/^(0|[1-9]\d{0,2})$/.test(lengthText)) return null;
  const prefixLength = Number(lengthText) - (mapped ? 96 : 0);
  return prefixLength < 0 || prefixLength > BITS[address.family] ? null : cidr(address, prefixLength);
}

/** Matches many addresses against a list; an empty list includes nothing. */
export function createAllowlist(cidrs: readonly Cidr[]): Allowlist {
  // One list per family: BlockList alone lets `::/0` include IPv4, which nobody who writes it means.
  const lists: Record<Family, BlockList> = { ipv4: new BlockList(), ipv6: new BlockList() };
  for (const { network, prefixLength, family } of cidrs) lists[family].addSubnet(network, prefixLength, family);
  // Most callers call from one address many times in a row, and asking a BlockList costs more than all else of a decision.
  let latest = '';
  return {
    includes(address) {
      if (address.text === latest) return true;
      const isIncluded = lists[address.family].check(address.text, address.family);
      if (isIncluded) latest = address.text;
      return isIncluded;
    },
  };
}

function cidr(address: IpAddress, prefixLength: number): Cidr {
  const hostBits = BigInt(BITS[address.family] - prefixLength);
  // A network of IPv6 must not turn into IPv4 because its bits happen to start like a mapped address.
  const network = (addressBits(address) >> hostBits) << hostBits;
  const text = address.family === 'ipv4' ? ipv4Text(network) : ipv6Text(network);
  return { family: address.family, network: text, prefixLength, text: `${text}/${prefixLength}` };
}

function fromBits(bits: bigint, family: Family): IpAddress {
  if (family === 'ipv4') return { family, text: ipv4Text(bits) };
  if (bits >> 32n === 0xffffn) return { family: 'ipv4', text: ipv4Text(bits & 0xffffffffn) };
  return { family, text: ipv6Text(bits) };
}

/** The address as one number. */
export function addressBits(address: IpAddress): bigint {
  if (address.family === 'ipv4') {
    return address.text.split('.').reduce((bits, part) => (bits << 8n) | BigInt(part), 0n);
  }
  const [head = '', tail] = address.text.split('::');
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':'));
  const [before, after] = [groups(head), groups(tail ?? '')];
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  return [...before, ...zeros, ...after].reduce((bits, group) => (bits << 16n) | BigInt(`0x${group}`), 0n);
}

function ipv4Text(bits: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((bits >> shift) & 0xffn)).join('.');
}

function ipv6Text(bits: bigint): string {
  const groups = Array.from({ length: 8 }, (_, index) => ((bits >> BigInt(112 - 16 * index)) & 0xffffn).toString(16));
  // The URL parser compresses as RFC 5952 asks.
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}
