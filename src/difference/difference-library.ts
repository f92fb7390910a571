import type { Clock } from '../platform/clock.ts';
import type { Difference } from './difference.ts';
import type { DifferenceReader } from './difference-reader.ts';
import type { OperationKey, PublishedDocumentStore } from './published-document-store.ts';

export type DifferenceResult = { ok: true; difference: Difference } | { ok: false; reason: 'not_found' | 'too_much' };

/** Differences between versions of an API. */
export interface DifferenceLibrary {
  /** Both published, `from` the older one. */
  between(api: string, from: string, to: string): Promise<DifferenceResult>;
  /** Between any two documents, OpenAPI 3.1 or 3.2 as JSON text; null when they are too much to compare. */
  ofDocuments(old: string, now: string): Promise<Difference | null>;
  /** As `ofDocuments`, remembered; the texts are read only when the difference is not known. */
  ofNamed(old: NamedDocument, now: NamedDocument): Promise<Difference | null>;
  /** Address of the same operation in other versions, by version: the same method and path, or else the same id. */
  sameOperation(
    api: string,
    versions: readonly string[],
    operation: OperationKey,
  ): Promise<ReadonlyMap<string, string>>;
}

/** A document by the SHA-256 of its text. */
export interface NamedDocument {
  sha256: string;
  read(): Promise<string>;
}

export interface DifferenceLibraryDeps {
  store: PublishedDocumentStore;
  reader: DifferenceReader;
  clock: Clock;
}

const DAY_MS = 86_400_000;
const MOST_KEPT = 12;

/**
 * Keeps the latest differences by what the documents hold, for as long as the day lasts: whether a sunset has passed
 * depends on it. Readers who ask at once share one comparison.
 */
export function createDifferenceLibrary({ store, reader, clock }: DifferenceLibraryDeps): DifferenceLibrary {
  const kept = new Map<string, Promise<Difference | null>>();
  const options = () => ({ atMs: clock.nowMs(), sunsetDays: 0 });
  const today = (): number => Math.floor(clock.nowMs() / DAY_MS);
  const remember = (key: string, read: () => Promise<Difference | null>): Promise<Difference | null> => {
    const known = kept.get(key) ?? read();
    kept.delete(key);
    kept.set(key, known);
    // What failed is tried again: the machine may have been busy.
    const forget = (): boolean => kept.delete(key);
    known.then((difference) => difference ?? forget(), forget);
    const [oldest] = kept.keys();
    if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
    return known;
  };
  return {
    async between(api, from, to) {
      const found = await store.fingerprints(api, [from, to]);
      const [old, now] = [found.get(from), found.get(to)];
      if (old === undefined || now === undefined) return { ok: false, reason: 'not_found' };
      const difference = await remember(`${old} ${now} ${today()}`, async () => {
        const texts = await store.documents(api, [from, to]);
        return reader.read({ old: texts.get(from) ?? '{}', new: texts.get(to) ?? '{}', options: options() });
      });
      return difference ? { ok: true, difference } : { ok: false, reason: 'too_much' };
    },
    sameOperation: (api, versions, operation) => store.sameOperation(api, versions, operation),
    ofNamed: (old, now) =>
      remember(`${old.sha256} ${now.sha256} ${today()}`, async () =>
        reader.read({ old: await old.read(), new: await now.read(), options: options() }),
      ),
    ofDocuments: (old, now) => reader.read({ old, new: now, options: options() }),
  };
}
