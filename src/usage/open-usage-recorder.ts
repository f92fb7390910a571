import { type CounterJournal, createCounterJournal, findJournal, missingFrom } from './counter-journal.ts';
import { type JournalFolder, type Slot, latestRates, ratesOf, recoverOthers, takeSlot } from './recover-journals.ts';
import { type UsageRecorder, type UsageRecorderDeps, createUsageRecorder } from './usage-recorder.ts';
import type { UsageStore } from './usage-store.ts';

export interface OpenUsageRecorderDeps
  extends JournalFolder, Pick<UsageRecorderDeps, 'clock' | 'holdsUpCalls' | 'onReadError' | 'onWriteError'> {
  store: UsageStore;
  newJournalId: () => string;
  /** The journal could not be opened or written. */
  onJournalError: (error: unknown) => void;
}

/**
 * Starts counting where an earlier process ended, however it ended: what its journal holds and the database lacks is
 * counted first. Journals that others left behind are brought in too.
 */
export async function openUsageRecorder(deps: OpenUsageRecorderDeps): Promise<UsageRecorder> {
  const slot = slotOrNone(deps);
  const found = slot === null ? null : findJournal(deps.folder, slot.number);
  const missing = found ? missingFrom(found, await deps.store.journalSequence(found.id)) : [];
  const rates = found ? ratesOf(found) : [];
  if (slot !== null) rates.push(...(await recoverOthers(deps, deps.store, new Set([slot.number]), deps.onWriteError)));
  const recovered = [...missing.filter(({ kind }) => kind !== 'rate'), ...latestRates(rates)];
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

function slotOrNone(deps: OpenUsageRecorderDeps): Slot | null {
  try {
    return takeSlot(deps);
  } catch (error) {
    deps.onJournalError(error);
    return null;
  }
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
