import { type Cidr, type Family, addressBits, parseCidr } from './ip-address.ts';

/** From the first to the last address, both included. */
export interface AddressRange {
  first: bigint;
  last: bigint;
}

const FAMILIES: readonly Family[] = ['ipv4', 'ipv6'];
const BITS: Record<Family, number> = { ipv4: 32, ipv6: 128 };

/**
 * What is the whole internet to somebody who means to restrict: every unicast address of IPv4, and the block of IPv6
 * from which all public addresses come (RFC 4291, 2.4; https://www.iana.org/assignments/ipv6-unicast-address-assignments).
 */
const WHOLE: Record<Family, AddressRange> = {
  ipv4: { first: 1n << 24n, last: (224n << 24n) - 1n },
  ipv6: { first: 0x2n << 124n, last: (0x4n << 124n) - 1n },
};

/** The addresses of these ranges as few separate ranges, in order. */
export function joinedRanges(cidrs: readonly Cidr[], family: Family): AddressRange[] {
  const ranges = cidrs
    .filter((cidr) => cidr.family === family)
    .map(rangeOf)
    .sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
  const joined: AddressRange[] = [];
  for (const range of ranges) {
    const before = joined.at(-1);
    if (!before || range.first > before.last + 1n) joined.push({ ...range });
    else if (range.last > before.last) before.last = range.last;
  }
  return joined;
}

/** True when some address lies in `next` and not in `current`. */
export function reachesBeyond(next: readonly Cidr[], current: readonly Cidr[]): boolean {
  return FAMILIES.some((family) => {
    const known = joinedRanges(current, family);
    return joinedRanges(next, family).some((range) => !holds(known, range));
  });
}

/** The families whose whole internet these ranges cover, together if not alone. */
export function wholeFamilies(cidrs: readonly Cidr[]): Family[] {
  return FAMILIES.filter((family) => holds(joinedRanges(cidrs, family), WHOLE[family]));
}

/** True when every address of `inner` lies in `outer`. */
export function isWithin(inner: Cidr, outer: Cidr): boolean {
  return inner.family === outer.family && holds([rangeOf(outer)], rangeOf(inner));
}

/** Ranges of texts that were checked before; what cannot be read is left out. */
export function parseCidrs(texts: readonly string[]): Cidr[] {
  return texts.map(parseCidr).filter((cidr) => cidr !== null);
}

function rangeOf({ family, network, prefixLength }: Cidr): AddressRange {
  const first = addressBits({ family, text: network });
  return { first, last: first + (1n << BigInt(BITS[family] - prefixLength)) - 1n };
}

function holds(joined: readonly AddressRange[], { first, last }: AddressRange): boolean {
  return joined.some((range) => range.first <= first && last <= range.last);
}
