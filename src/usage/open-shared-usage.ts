import type { Clock } from '../platform/clock.ts';
import { type FoundJournal, findJournal, missingFrom } from './counter-journal.ts';
import type { JournalEntry } from './journal-format.ts';
import { type PlaceBook, createPlaceBook } from './place-book.ts';
import {
  type JournalFolder,
  type RateEntry,
  type Slot,
  addMissing,
  latestRates,
  ratesOf,
  recoverOthers,
  takeSlot,
} from './recover-journals.ts';
import { SharedCounts, createCountMemory } from './shared-counts.ts';
import { type UsageDesk, createUsageDesk } from './usage-desk.ts';
import { addCount, toCount } from './usage-flush.ts';
import type { QuotaCount, UsageStore } from './usage-store.ts';

export interface SharedUsageDeps extends JournalFolder {
  store: UsageStore;
  clock: Clock;
  workers: number;
  onWriteError: (error: unknown) => void;
}

/** What the main thread holds of the counting that its workers do together. */
export interface SharedUsage {
  memory: SharedArrayBuffer;
  places: PlaceBook;
  desk: UsageDesk;
  /** Number of each worker, above 0, and of its journal. */
  workers: readonly { number: number; slot: number }[];
  /** What a worker has to go on with: the journal of the one before, and what the database lacks of it. */
  recover(worker: number): Promise<Recovered>;
  /** Gives up the locks of a worker that has ended. */
  release(worker: number): void;
  /** Whether another one than this worker holds a lock, and this one holds none. */
  isWaiting(worker: number): boolean;
  /** Begins removing what is old. */
  start(): void;
  close(): void;
}

export interface Recovered {
  journal: Omit<FoundJournal, 'batches'> | null;
  recovered: readonly JournalEntry[];
}

const HOUR_MS = 3_600_000;

/** Starts counting where earlier processes ended, with however many workers they counted. */
export async function openSharedUsage(deps: SharedUsageDeps): Promise<SharedUsage> {
  const { store, clock, onWriteError } = deps;
  const slots: Slot[] = Array.from({ length: deps.workers }, () => takeSlot(deps));
  const rates = await recoverOthers(deps, store, new Set(slots.map(({ number }) => number)), onWriteError);
  const unwritten = new Map<string, QuotaCount>();
  /** Of each worker until it is there. */
  const first = new Map<number, Recovered>();
  for (const [index, { number }] of slots.entries()) {
    const left = await recoverJournal(number);
    first.set(index + 1, left);
    for (const entry of left.recovered) if (entry.kind === 'quota') addCount(unwritten, toCount(entry));
    rates.push(...left.recovered.filter((entry) => entry.kind === 'rate'));
  }
  const latest = latestRates(rates);
  const memory = createCountMemory();
  const counts = new SharedCounts(memory, deps.workers + 1);
  const findQuotaUsed = store.findQuotaUsed.bind(store);
  const places = createPlaceBook({ counts, findQuotaUsed, rates: latest, unwritten });
  const desk = createUsageDesk(store, clock, unwritten);
  let timer: NodeJS.Timeout | null = null;

  async function recoverJournal(slot: number): Promise<Recovered> {
    const found = findJournal(deps.folder, slot);
    if (!found) return { journal: null, recovered: [] };
    const journal = { id: found.id, segment: found.segment, sequence: found.sequence };
    try {
      await addMissing(store, found);
      return { journal, recovered: ratesOf(found) };
    } catch (error) {
      onWriteError(error);
      const missing = missingFrom(found, await store.journalSequence(found.id));
      return { journal, recovered: [...missing.filter(({ kind }) => kind !== 'rate'), ...ratesOf(found)] };
    }
  }

  function removeOld(): void {
    places.forgetEnded(clock.nowMs());
    store.removeOld(clock.nowMs()).catch(onWriteError);
  }

  return {
    memory,
    places,
    desk,
    workers: slots.map(({ number }, index) => ({ number: index + 1, slot: number })),
    async recover(worker) {
      desk.forget(worker);
      const begun = first.get(worker);
      first.delete(worker);
      // The first one also keeps buckets that others have left: until somebody asks for them, a journal must have them.
      if (begun) return worker === 1 ? { ...begun, recovered: withRates(begun, latest) } : begun;
      return recoverJournal(slots[worker - 1]?.number ?? 0);
    },
    release: (worker) => counts.releaseAllOf(worker),
    isWaiting(worker) {
      const holders = counts.holders();
      return holders.size > 0 && !holders.has(worker);
    },
    start() {
      removeOld();
      timer ??= setInterval(removeOld, HOUR_MS);
    },
    close() {
      if (timer) clearInterval(timer);
      for (const slot of slots) slot.release();
    },
  };
}

function withRates({ recovered }: Recovered, rates: readonly RateEntry[]): JournalEntry[] {
  return [...recovered.filter(({ kind }) => kind !== 'rate'), ...rates];
}
