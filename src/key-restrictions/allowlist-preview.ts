import { isWithin, parseCidrs } from '../platform/address-ranges.ts';
import { parseCidr, parseIpAddress } from '../platform/ip-address.ts';
import type { AllowlistEntry } from './key-restrictions.ts';

/** An address from which a key was called. */
export interface RecentAddress {
  address: string;
  firstSeenAtMs: number;
  lastSeenAtMs: number;
  calls: number;
}

export interface PreviewedAddress extends RecentAddress {
  isAllowed: boolean;
  /** The narrowest entry that lets it in; null when none does, or every address may call. */
  entry: AllowlistEntry | null;
}

/** Whether an address may call under a list, and which entry says so. */
export type AddressTest =
  { isAddress: false } | { isAddress: true; address: string; isAllowed: boolean; entry: AllowlistEntry | null };

/** `typed` in any spelling of one address. */
export function testAddress(entries: readonly AllowlistEntry[], typed: string): AddressTest {
  const address = parseIpAddress(typed.trim());
  if (!address) return { isAddress: false };
  const entry = matchingEntry(entries, address.text);
  return { isAddress: true, address: address.text, isAllowed: entry !== null || entries.length === 0, entry };
}

/** What becomes of the addresses of the past under a list; those that would be refused stand first, then the newest. */
export function previewAllowlist(
  entries: readonly AllowlistEntry[],
  recent: readonly RecentAddress[],
): readonly PreviewedAddress[] {
  return recent
    .map((seen) => {
      const entry = matchingEntry(entries, seen.address);
      return { ...seen, entry, isAllowed: entry !== null || entries.length === 0 };
    })
    .sort((a, b) => Number(a.isAllowed) - Number(b.isAllowed) || b.lastSeenAtMs - a.lastSeenAtMs);
}

/** The narrowest of the entries that hold an address. */
function matchingEntry(entries: readonly AllowlistEntry[], addressText: string): AllowlistEntry | null {
  const [address] = parseCidrs([addressText]);
  if (!address) return null;
  let found: { entry: AllowlistEntry; prefixLength: number } | null = null;
  for (const entry of entries) {
    const cidr = parseCidr(entry.cidr);
    if (cidr && isWithin(address, cidr) && cidr.prefixLength >= (found?.prefixLength ?? 0))
      found = { entry, prefixLength: cidr.prefixLength };
  }
  return found?.entry ?? null;
}
