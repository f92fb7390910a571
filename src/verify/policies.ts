import type { ActivePolicyStore } from '../policies/active-policy-store.ts';
import { type PolicyBook, writePolicyBook } from '../policies/policy-book.ts';

/** A change of a policy counts after this long at the latest. */
export const POLICIES_POLL_MS = 1000;

/** The policies in force, kept in memory. */
export interface Policies {
  /** null when there are none. */
  current(): PolicyBook | null;
  /** Loads them when they changed. */
  refresh(): Promise<void>;
  start(): void;
  stop(): void;
}

/** @param onError told when they could not be read; the last ones stay in force */
export async function createPolicies(store: ActivePolicyStore, onError: (error: unknown) => void): Promise<Policies> {
  let book: PolicyBook | null = null;
  let known = '';
  let timer: NodeJS.Timeout | null = null;
  const policies: Policies = {
    current: () => book,
    async refresh() {
      const { fingerprint, policies: read } = await store.read();
      if (fingerprint === known) return;
      book = writePolicyBook(read());
      known = fingerprint;
    },
    start() {
      timer ??= setInterval(() => void policies.refresh().catch(onError), POLICIES_POLL_MS);
    },
    stop() {
      if (timer) clearInterval(timer);
      timer = null;
    },
  };
  await policies.refresh();
  return policies;
}
