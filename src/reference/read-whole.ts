import type { ReferenceStore, VersionKey } from './reference-store.ts';
import { type LoadedPart, type Resolver, createResolver } from './resolver.ts';

/** References lead from part to part; beyond these many steps a page does without. */
const MAX_ROUNDS = 24;
const MOST_REMEMBERED = 5000;

/**
 * Describes something of a document of which only `pointers` are known to be needed: describes it, loads what was
 * missing, and describes it again, until nothing is missing.
 */
export type WholeReader = <T>(
  key: VersionKey,
  pointers: readonly string[],
  describe: (resolver: Resolver) => T,
) => Promise<T>;

/** Remembers what each page needed, so that the next reader's is loaded at once. */
export function createWholeReader(store: Pick<ReferenceStore, 'parts'>): WholeReader {
  const needed = new Map<string, readonly string[]>();
  return async (key, pointers, describe) => {
    const page = JSON.stringify([key.api, key.version, pointers]);
    const parts = new Map<string, LoadedPart | null>();
    let wanted = needed.get(page) ?? pointers;
    for (let round = 0; ; round += 1) {
      const loaded = await store.parts(key, wanted);
      for (const pointer of wanted) parts.set(pointer, loaded.get(pointer) ?? null);
      const resolver = createResolver(parts);
      const described = describe(resolver);
      wanted = resolver.missing();
      if (wanted.length > 0 && round < MAX_ROUNDS) continue;
      if (needed.size >= MOST_REMEMBERED) needed.clear();
      if (round > 0) needed.set(page, [...parts.keys()]);
      return described;
    }
  };
}
