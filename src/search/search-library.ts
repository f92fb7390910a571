import type { Clock } from '../platform/clock.ts';
import { sha256Hex } from '../platform/hash.ts';
import type { Log } from '../platform/log.ts';
import { type SearchableParts, collectSources } from './collect-sources.ts';
import type { SearchQuestion, SearchResult } from './search.ts';
import type { SearchThread } from './search-thread.ts';

export interface SearchLibraryDeps extends SearchableParts {
  thread: SearchThread;
  clock: Clock;
  log: Log;
}

export interface SearchLibrary {
  /** Of what everybody may read. Waits a moment for an index that is being made. */
  search(question: SearchQuestion): Promise<SearchResult>;
  /** Makes the index if something has changed; rejects never. */
  refresh(): Promise<void>;
  close(): Promise<void>;
}

/** Changes are looked for when somebody searches, at most this often. */
const CHECK_EVERY_MS = 1000;
/** A small portal's index is made in less; of a large one the former index answers meanwhile. */
const WAIT_FOR_CHANGES_MS = 500;
const WAIT_FOR_FIRST_INDEX_MS = 5000;

export function createSearchLibrary(deps: SearchLibraryDeps): SearchLibrary {
  const { thread, clock, log } = deps;
  let checkedAtMs = Number.NEGATIVE_INFINITY;
  let indexed: string | null = null;
  let refreshing: Promise<void> | null = null;
  let isClosed = false;
  const refresh = async (): Promise<void> => {
    try {
      const now = await fingerprint(deps);
      if (isClosed || (thread.isReady() && now === indexed)) return;
      await thread.build(collectSources(deps));
      indexed = now;
    } catch (error) {
      if (!isClosed) log.error({ error: String(error) }, 'the search index was not made; it is tried again');
    }
  };
  const refreshOnce = (): Promise<void> => (refreshing ??= refresh().finally(() => (refreshing = null)));
  return {
    async search(question) {
      const nowMs = clock.nowMs();
      if (!thread.isReady() || Math.abs(nowMs - checkedAtMs) >= CHECK_EVERY_MS) {
        checkedAtMs = nowMs;
        await atMost(refreshOnce(), thread.isReady() ? WAIT_FOR_CHANGES_MS : WAIT_FOR_FIRST_INDEX_MS);
      }
      const groups = await thread.search(question);
      return groups ? { ok: true, groups } : { ok: false, reason: 'busy' };
    },
    refresh: refreshOnce,
    async close() {
      isClosed = true;
      await thread.close();
      await refreshing;
    },
  };
}

/** Changes whenever something that can be found does. */
async function fingerprint({ store, guides, notices }: SearchableParts): Promise<string> {
  const texts = [...guides.list(), ...notices.list()].map(({ slug, title, summary, html }) => [
    slug,
    title,
    summary,
    html,
  ]);
  return sha256Hex(JSON.stringify([await store.fingerprint(), texts]));
}

async function atMost(work: Promise<void>, waitMs: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const waited = new Promise<void>((resolve) => (timer = setTimeout(resolve, waitMs)));
  await Promise.race([work, waited]);
  clearTimeout(timer);
}
