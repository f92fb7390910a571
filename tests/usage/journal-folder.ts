import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { lockFile } from '../../src/database/database.ts';
import { newId, systemRandom } from '../../src/platform/random.ts';
import { type OpenUsageRecorderDeps, openUsageRecorder } from '../../src/usage/open-usage-recorder.ts';
import type { UsageBatch } from '../../src/usage/usage-store.ts';
import type { UsageRecorder } from '../../src/usage/usage-recorder.ts';

/** A folder for journals, and recorders that stand in it one after the other as processes do. */
export function openJournalFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-journal-'));
  let release: (() => void) | null = null;
  const abandon = (): void => {
    release?.();
    release = null;
  };
  return {
    folder,
    /** A recorder after the one before has ended, or has been killed: what it did not write is in its journal only. */
    open(
      deps: Pick<OpenUsageRecorderDeps, 'store' | 'clock'> & Partial<OpenUsageRecorderDeps>,
    ): Promise<UsageRecorder> {
      abandon();
      return openUsageRecorder({
        folder,
        holdsUpCalls: true,
        lockFile: (path) => (release = lockFile(path)),
        newJournalId: () => newId(systemRandom, 'jnl'),
        onReadError: fail,
        onWriteError: fail,
        onJournalError: fail,
        ...deps,
      });
    },
    close() {
      abandon();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A batch of a verifier whose journal says nothing. */
export function batchOf(counts: UsageBatch['counts'], more: Partial<UsageBatch> = {}): UsageBatch {
  return { counts, reports: [], outdated: [], journal: { id: 'jnl_test', sequence: 0 }, marksOf: () => [], ...more };
}

function fail(error: unknown): never {
  throw error;
}
