import type { PublishedDocumentStore } from '../difference/published-document-store.ts';
import type { ReferenceLibrary } from '../reference/reference-library.ts';
import type { VersionKey } from '../reference/reference-store.ts';

/** More publications of one version than this in the time of one page are nobody's. */
const MOST_TRIES = 4;

type Read = (key: VersionKey, ...rest: unknown[]) => Promise<unknown>;

/**
 * A page is read with several queries, between which another document may be published. What was read across that
 * moment is read again, so that nobody sees parts of two documents in one answer.
 */
export function readingWhole(
  library: ReferenceLibrary,
  documents: Pick<PublishedDocumentStore, 'fingerprints'>,
): ReferenceLibrary {
  const fingerprint = async ({ api, version }: VersionKey): Promise<string | undefined> =>
    (await documents.fingerprints(api, [version])).get(version);
  const whole =
    (read: Read): Read =>
    async (key, ...rest) => {
      let before = await fingerprint(key);
      for (let tries = 1; ; tries += 1) {
        const answer = await read(key, ...rest);
        const after = await fingerprint(key);
        if (after === before || tries === MOST_TRIES) return answer;
        before = after;
      }
    };
  const reads = Object.entries(library).map(([name, read]) => [name, whole(read as Read)]);
  return Object.fromEntries(reads) as Record<keyof ReferenceLibrary, Read> as ReferenceLibrary;
}
