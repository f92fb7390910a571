import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import type { CatalogProblem } from './api.ts';
import { useUpstreams } from './catalog.ts';
import { catalogFingerprint } from './catalog-files.ts';
import type { CatalogStore } from './catalog-store.ts';
import { createDocumentReader } from './document-reader.ts';
import { readReaderVersion } from './file-reading.ts';
import { loadCatalog } from './load-catalog.ts';

export interface CatalogPublisherDeps {
  store: Pick<CatalogStore, 'sync' | 'knownReadings'>;
  contentDir: string;
  /** Origins of upstreams by API, where this installation's settings give some. */
  upstreams: ReadonlyMap<string, string>;
  /** Most bytes of earlier documents that a version keeps. */
  documentHistoryBytes: number;
  clock: Clock;
  log: Log;
}

/** Brings what stands in CONTENT_DIR/apis into the database: all of it in one transaction, or nothing. */
export interface CatalogPublisher {
  /** Publishes what is there now. */
  publish(): Promise<void>;
  /**
   * Publishes when files have changed since and are the same as at the look before: somebody may still be writing or
   * copying them. Whatever changes while they are read waits for a later look.
   */
  look(): Promise<void>;
  /** What the last publication left out, and why. */
  problems(): readonly CatalogProblem[];
}

export function createCatalogPublisher(deps: CatalogPublisherDeps): CatalogPublisher {
  let published = '';
  let lastSeen = '';
  let problems: readonly CatalogProblem[] = [];
  const publishIf = async (isStill: (fingerprint: string) => boolean): Promise<void> => {
    const fingerprint = await catalogFingerprint(deps.contentDir);
    const [known, readerVersion] = await Promise.all([deps.store.knownReadings(), readReaderVersion()]);
    const documents = createDocumentReader();
    try {
      const loaded = await loadCatalog({ documents, known, readerVersion }, deps.contentDir);
      const catalog = useUpstreams(loaded, deps.upstreams);
      if (!isStill(await catalogFingerprint(deps.contentDir))) return;
      const { changes } = await deps.store.sync(catalog, deps.clock.nowMs(), deps.documentHistoryBytes);
      published = fingerprint;
      problems = catalog.problems;
      for (const problem of problems) deps.log.warn({ problem }, 'a part of the catalog was not loaded');
      if (changes.length > 0) deps.log.info({ changes }, 'the catalog was published');
    } finally {
      await documents.close();
    }
  };
  return {
    publish: () => publishIf(() => true),
    async look() {
      const fingerprint = await catalogFingerprint(deps.contentDir);
      const isSettled = fingerprint === lastSeen;
      lastSeen = fingerprint;
      if (isSettled && fingerprint !== published) await publishIf((now) => now === fingerprint);
    },
    problems: () => problems,
  };
}
