import type { PolicyUsageTables } from '../database/policy-tables.ts';
import { HOUR_MS } from '../usage/time-slots.ts';

export type CallManner = PolicyUsageTables['call_manner'];
export type PolicyCount = PolicyUsageTables['policy_count'];

/** Calls of one key and hour that passed, or would have but for a policy, in one manner. */
export interface MannersOfCalls {
  atMs: number;
  keyId: string;
  /** '' when the call named none. */
  api: string;
  isBasic: boolean;
  /** '' for live keys, and when it is not known. */
  address: string;
  calls: number;
}

export interface BrokenPolicy {
  atMs: number;
  keyId: string;
  policyId: string;
  rule: string;
  outcome: PolicyCount['outcome'];
}

export interface PolicyBatch {
  manners: readonly CallManner[];
  counts: readonly PolicyCount[];
}

/** Sums in memory what policies need to be counted of calls, until it is written. Bounded, whatever callers send. */
export interface PolicyTally {
  noteManner(calls: MannersOfCalls): void;
  noteBroken(broken: BrokenPolicy): void;
  /** Hands over all of it, or of each kind about as many rows as asked for. */
  take(most?: number): PolicyBatch;
  /** Keeps what could not be written. */
  putBack(batch: PolicyBatch): void;
  size(): number;
}

/** Keys kept while the database cannot be written; calls of further ones are not counted. */
const MOST_KEYS = 50_000;
/** Rows of one key between two writes; calls of a test key from further addresses count as from none that is known. */
const MOST_MANNERS = 500;
const MOST_COUNTS = 200_000;

export function createPolicyTally(): PolicyTally {
  const keys = new Map<string, CallManner[]>();
  const counts = new Map<string, PolicyCount>();

  function mannersOf(keyId: string): CallManner[] | null {
    const known = keys.get(keyId);
    if (known) return known;
    if (keys.size >= MOST_KEYS) return null;
    const rows: CallManner[] = [];
    keys.set(keyId, rows);
    return rows;
  }

  function addManner(row: CallManner): void {
    const rows = mannersOf(row.key_id);
    if (!rows) return;
    const known = rows.find((other) => isSameManner(other, row));
    if (known) known.calls += row.calls;
    else if (rows.length < MOST_MANNERS || row.address === '') rows.push({ ...row });
    else addManner({ ...row, address: '' });
  }

  function addCount(count: PolicyCount): void {
    const name = `${count.policy_id} ${count.key_id} ${count.start_ms} ${count.rule} ${count.outcome}`;
    const known = counts.get(name);
    if (known) known.calls += count.calls;
    else if (counts.size < MOST_COUNTS) counts.set(name, { ...count });
  }

  return {
    noteManner({ atMs, keyId, api, isBasic, address, calls }) {
      const startMs = atMs - (atMs % HOUR_MS);
      addManner({ key_id: keyId, start_ms: startMs, api_slug: api, is_basic: isBasic ? 1 : 0, address, calls });
    },
    noteBroken({ atMs, keyId, policyId, rule, outcome }) {
      const startMs = atMs - (atMs % HOUR_MS);
      addCount({ policy_id: policyId, start_ms: startMs, key_id: keyId, rule, outcome, calls: 1 });
    },
    take(most = Infinity) {
      const manners: CallManner[] = [];
      for (const [keyId, rows] of keys) {
        if (manners.length >= most) break;
        manners.push(...rows);
        keys.delete(keyId);
      }
      const taken = [...counts].slice(0, most);
      for (const [name] of taken) counts.delete(name);
      return { manners, counts: taken.map(([, count]) => count) };
    },
    putBack(batch) {
      batch.manners.forEach(addManner);
      batch.counts.forEach(addCount);
    },
    size: () => keys.size + counts.size,
  };
}

function isSameManner(one: CallManner, other: CallManner): boolean {
  return (
    one.start_ms === other.start_ms &&
    one.api_slug === other.api_slug &&
    one.is_basic === other.is_basic &&
    one.address === other.address
  );
}
