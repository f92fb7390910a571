import { join } from 'node:path';

import { type CounterJournal, createCounterJournal, findJournal, missingFrom } from './counter-journal.ts';
import { type UsageRecorder, type UsageRecorderDeps, createUsageRecorder } from './usage-recorder.ts';
import type { QuotaCount, UsageStore } from './usage-store.ts';
import { addCount, toCount } from './usage-flush.ts';

export interface OpenUsageRecorderDeps extends Pick<
  UsageRecorderDeps,
  'store' | 'clock' | 'onReadError' | 'onWriteError'
> {
  /** Where the journal stands. */
  folder: string;
  /** Takes a file for this process; null when another one has it. */
  lockFile: (path: string) => (() => void) | null;
  newJournalId: () => string;
  /** The journal could not be opened or written. */
  onJournalError: (error: unknown) => void;
}

/** Verifiers that can share one folder: the next one may start before the last has ended. */
const MOST_VERIFIERS = 8;

/**
 * Starts counting where an earlier process ended, however it ended: what its journal holds and the database lacks is
 * counted first. Journals that others left behind are brought in too.
 */
export async function openUsageRecorder(deps: OpenUsageRecorderDeps): Promise<UsageRecorder> {
  const slot = takeSlot(deps);
  const found = slot === null ? null : findJournal(deps.folder, slot.number);
  const recovered = found ? missingFrom(found, await deps.store.journalSequence(found.id)) : [];
  if (slot !== null) await recoverOthers(deps, slot.number);
  const recorder = createUsageRecorder({
    ...deps,
    recovered,
    openJournal: (addAll) => {
      if (slot === null) return noJournal(deps.newJournalId());
      const onError = deps.onJournalError;
      const journal = createCounterJournal({ ...deps, slot: slot.number, addAll, onError }, found);
      journal.renew();
      return journal;
    },
  });
  await recorder.flush();
  return {
    ...recorder,
    async stop() {
      await recorder.stop();
      slot?.release();
    },
  };
}

/** Which of the journals in the folder is this process's. */
interface Slot {
  number: number;
  release: () => void;
}

function takeSlot({ folder, lockFile, onJournalError }: OpenUsageRecorderDeps): Slot | null {
  try {
    for (let number = 1; number <= MOST_VERIFIERS; number += 1) {
      const release = lockFile(join(folder, `counters-${number}.lock`));
      if (release) return { number, release };
    }
    throw new Error(`${MOST_VERIFIERS} verifiers use this folder already`);
  } catch (error) {
    onJournalError(error);
    return null;
  }
}

async function recoverOthers(deps: OpenUsageRecorderDeps, own: number): Promise<void> {
  for (let number = 1; number <= MOST_VERIFIERS; number += 1) {
    if (number === own) continue;
    const found = findJournal(deps.folder, number);
    const release = found && deps.lockFile(join(deps.folder, `counters-${number}.lock`));
    if (!release) continue;
    try {
      // Read once more: it is ours only now.
      const journal = findJournal(deps.folder, number);
      if (journal) await addMissing(deps.store, journal);
    } catch (error) {
      deps.onWriteError(error);
    } finally {
      release();
    }
  }
}

async function addMissing(store: UsageStore, journal: NonNullable<ReturnType<typeof findJournal>>): Promise<void> {
  const missing = missingFrom(journal, await store.journalSequence(journal.id));
  const counts = new Map<string, QuotaCount>();
  for (const entry of missing) if (entry.kind === 'quota') addCount(counts, toCount(entry));
  const reports = missing.flatMap((entry) => (entry.kind === 'report' ? [{ id: entry.name, atMs: entry.atMs }] : []));
  if (counts.size === 0 && reports.length === 0) return;
  const position = { id: journal.id, sequence: journal.sequence };
  await store.add({ counts: [...counts.values()], reports, outdated: [], journal: position, marksOf: () => [] });
}

/** Counting goes on without one; hard quotas do not. */
function noJournal(id: string): CounterJournal {
  const nothing = (): void => undefined;
  return {
    id,
    sequence: 0,
    isKept: false,
    isHeld: false,
    quota: nothing,
    rate: nothing,
    report: nothing,
    commit: nothing,
    renew: nothing,
    close: nothing,
  };
}
