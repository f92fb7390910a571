import { join } from 'node:path';

import { type FoundJournal, findJournal, missingFrom } from './counter-journal.ts';
import type { JournalEntry } from './journal-format.ts';
import { addCount, toCount } from './usage-flush.ts';
import type { QuotaCount, UsageStore } from './usage-store.ts';

/** Journals in one folder: of verifiers side by side, each with its workers, and of the next ones, which may start early. */
const MOST_JOURNALS = 64;

export interface JournalFolder {
  folder: string;
  /** Takes a file for this process; null when another one has it. */
  lockFile: (path: string) => (() => void) | null;
}

/** Which of the journals in the folder is this process's. */
export interface Slot {
  number: number;
  release: () => void;
}

/** @throws when all are taken, or the folder cannot be written */
export function takeSlot({ folder, lockFile }: JournalFolder): Slot {
  for (let number = 1; number <= MOST_JOURNALS; number += 1) {
    const release = lockFile(lockPath(folder, number));
    if (release) return { number, release };
  }
  throw new Error(`${MOST_JOURNALS} verifiers use this folder already`);
}

/**
 * Brings in what journals hold that others have left behind.
 * @param own slots of this process, which are left alone
 * @returns the buckets of rate limits in them
 */
export async function recoverOthers(
  { folder, lockFile }: JournalFolder,
  store: UsageStore,
  own: ReadonlySet<number>,
  onWriteError: (error: unknown) => void,
): Promise<RateEntry[]> {
  const rates: RateEntry[] = [];
  for (let number = 1; number <= MOST_JOURNALS; number += 1) {
    if (own.has(number)) continue;
    const found = findJournal(folder, number);
    const release = found && lockFile(lockPath(folder, number));
    if (!release) continue;
    try {
      // Read once more: it is ours only now.
      const journal = findJournal(folder, number);
      if (!journal) continue;
      await addMissing(store, journal);
      rates.push(...ratesOf(journal));
    } catch (error) {
      onWriteError(error);
    } finally {
      release();
    }
  }
  return rates;
}

/** Counts in the database what a journal holds and the database lacks. */
export async function addMissing(store: UsageStore, journal: FoundJournal): Promise<void> {
  const missing = missingFrom(journal, await store.journalSequence(journal.id));
  const counts = new Map<string, QuotaCount>();
  for (const entry of missing) if (entry.kind === 'quota') addCount(counts, toCount(entry));
  const reports = missing.flatMap((entry) => (entry.kind === 'report' ? [{ id: entry.name, atMs: entry.atMs }] : []));
  if (counts.size === 0 && reports.length === 0) return;
  const position = { id: journal.id, sequence: journal.sequence };
  await store.add({ counts: [...counts.values()], reports, outdated: [], journal: position, marksOf: () => [] });
}

export type RateEntry = Extract<JournalEntry, { kind: 'rate' }>;

/** Each bucket of a journal as it was last. */
export function ratesOf(journal: FoundJournal): RateEntry[] {
  const rates = missingFrom(journal, Infinity).filter((entry) => entry.kind === 'rate');
  return [...new Map(rates.map((entry) => [entry.name, entry])).values()];
}

/** Verifiers that count together write the same buckets to different journals: the one that was filled last is right. */
export function latestRates(entries: Iterable<RateEntry>): RateEntry[] {
  const latest = new Map<string, RateEntry>();
  for (const entry of entries) {
    const known = latest.get(entry.name);
    const isLater = !known || known.atMs < entry.atMs || (known.atMs === entry.atMs && known.level < entry.level);
    if (isLater) latest.set(entry.name, entry);
  }
  return [...latest.values()];
}

function lockPath(folder: string, number: number): string {
  return join(folder, `counters-${number}.lock`);
}
