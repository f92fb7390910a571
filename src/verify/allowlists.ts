import { type Allowlist, type Cidr, createAllowlist, parseCidr } from '../platform/ip-address.ts';

/** Distinct allowlists kept parsed; more are parsed again. */
const MOST_PARSED = 10_000;

/** Reads a key's stored allowlist; null when the key may be used from anywhere. */
export type AllowlistReader = (stored: string) => Allowlist | null;

/** Parsing costs more than the whole decision, and the stored text says when it changed. */
export function createAllowlistReader(): AllowlistReader {
  const parsed = new Map<string, Allowlist>();
  return (stored) => {
    if (stored === '[]') return null;
    let allowlist = parsed.get(stored);
    if (!allowlist) {
      allowlist = createAllowlist(readCidrs(stored));
      if (parsed.size >= MOST_PARSED) parsed.clear();
      parsed.set(stored, allowlist);
    }
    return allowlist;
  };
}

/** A damaged list, or a damaged entry, allows nobody. */
function readCidrs(stored: string): Cidr[] {
  try {
    return (JSON.parse(stored) as string[]).map(parseCidr).filter((cidr) => cidr !== null);
  } catch {
    return [];
  }
}
