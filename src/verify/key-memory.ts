type Find<Facts> = (tokenHash: Uint8Array, api: string) => Facts | null | Promise<Facts | null>;

export interface KeyMemory<Facts> {
  /** Never older than the last commit before the call, or before the `together` that it is part of. */
  readonly find: Find<Facts>;
  /** Asks for the last commit once for all look-ups that `work` makes before it returns. */
  readonly together: (work: () => void) => void;
}

/** Keys kept in memory; when there are more, all are read again. */
const MOST_KEYS = 20_000;

/**
 * Answers look-ups from memory as long as nobody has committed anything since. Every look-up asks for the number of the
 * last commit, so that an answer is never older than if the row had been read; on SQLite that takes a tenth of the time.
 * @param lastCommit changes with every commit of another connection
 */
export function rememberUntilCommit<Facts extends object>(
  lastCommit: () => unknown,
  findKey: Find<Facts>,
): KeyMemory<Facts> {
  const known = new Map<string, Facts>();
  let knownAt: unknown;
  let isAsked = false;
  const forgetIfChanged = (): void => {
    const commit = lastCommit();
    if (commit !== knownAt) known.clear();
    knownAt = commit;
  };
  return {
    find(tokenHash, api) {
      if (!isAsked) forgetIfChanged();
      const name = latin1(tokenHash) + api;
      const remembered = known.get(name);
      if (remembered) return remembered;
      const found = findKey(tokenHash, api);
      if (known.size >= MOST_KEYS) known.clear();
      // Unknown keys are not kept: anybody can make them up.
      if (found && !(found instanceof Promise)) known.set(name, found);
      return found;
    },
    together(work) {
      forgetIfChanged();
      isAsked = true;
      try {
        work();
      } finally {
        isAsked = false;
      }
    },
  };
}

function latin1({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('latin1');
}
