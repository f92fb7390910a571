import { type DifferenceLibrary, createDifferenceLibrary } from '../difference/difference-library.ts';
import { createDifferenceReader } from '../difference/difference-reader.ts';
import { createPublishedDocumentStore } from '../difference/published-document-store.ts';
import type { Foundation } from './foundation.ts';

export function bindDifference({ databases, clock }: Foundation): DifferenceLibrary {
  const store = createPublishedDocumentStore(databases.portal);
  return createDifferenceLibrary({ store, reader: createDifferenceReader(), clock });
}
