/** Connections that a server accepts while batches are collected. */
export interface Arrivals {
  /** True when a connection was accepted since it was asked last. */
  hasMore(): boolean;
  /** In milliseconds, for measuring. */
  nowMs(): number;
}

/** What accepting may take between two batches even when batches take next to nothing, and however long they take. */
const [SHORTEST_WAIT_MS, LONGEST_WAIT_MS] = [1, 100];
/** Fewer are answered at once: who comes next waits for a millisecond at most. */
const CROWD = 32;
/** Some milliseconds: between two batches the loop reads, accepts and writes what else there is. */
const MOST_AT_ONCE = 500;

/**
 * Collects what arrives in one turn of the event loop and hands it over together when the turn ends. Under load that is
 * dozens of calls, which then share one question to the database and are written while the reader at the other end is
 * awake; alone, a call waits for nothing but the end of its turn. Whatever `handle` asks is asked after every item of
 * the batch has arrived, so that no answer is older than its question.
 * @param arrivals Node accepts one connection a turn (libuv): with a thousand callers in a turn, a new one would wait for
 * seconds. While new ones keep coming, turns go by without a batch, up to as long as the last batch took.
 */
export function createBatch<Item>(handle: (items: readonly Item[]) => void, arrivals?: Arrivals): (item: Item) => void {
  const items: Item[] = [];
  const letIn = arrivals ? createWaiting(arrivals) : null;
  const hand = (): void => {
    if (letIn && items.length >= CROWD && letIn.isWaiting()) {
      setImmediate(hand);
      return;
    }
    const batch = items.splice(0, MOST_AT_ONCE);
    if (items.length > 0) setImmediate(hand);
    if (letIn) letIn.measured(() => handle(batch));
    else handle(batch);
  };
  return (item) => {
    if (items.push(item) === 1) setImmediate(hand);
  };
}

function createWaiting(arrivals: Arrivals) {
  let sinceMs: number | null = null;
  let mostMs = SHORTEST_WAIT_MS;
  return {
    isWaiting(): boolean {
      if (!arrivals.hasMore()) return false;
      const atMs = arrivals.nowMs();
      sinceMs ??= atMs;
      return atMs - sinceMs < mostMs;
    },
    measured(work: () => void): void {
      const startedMs = arrivals.nowMs();
      sinceMs = null;
      try {
        work();
      } finally {
        mostMs = Math.min(LONGEST_WAIT_MS, Math.max(SHORTEST_WAIT_MS, arrivals.nowMs() - startedMs));
      }
    },
  };
}
