/**
 * @param key names a key; it need not be its token
 * @param token only read when the key is not in memory
 */
type Find<Facts> = (key: string, api: string, token: string) => Facts | null | Promise<Facts | null>;

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
  /** By API, then by key: a name put together of both would have to be made on every call. */
  const known = new Map<string, Map<string, Facts>>();
  let size = 0;
  let knownAt: unknown;
  let isAsked = false;
  const forgetIfChanged = (): void => {
    const commit = lastCommit();
    if (commit !== knownAt) forget();
    knownAt = commit;
  };
  const forget = (): void => {
    known.clear();
    size = 0;
  };
  const keep = (key: string, api: string, facts: Facts): void => {
    if (size >= MOST_KEYS) forget();
    const keys = known.get(api) ?? new Map<string, Facts>();
    known.set(api, keys.set(key, facts));
    size += 1;
  };
  return {
    find(key, api, token) {
      if (!isAsked) forgetIfChanged();
      const remembered = known.get(api)?.get(key);
      if (remembered) return remembered;
      const found = findKey(key, api, token);
      // Unknown keys are not kept: anybody can make them up.
      if (found && !(found instanceof Promise)) keep(key, api, found);
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
