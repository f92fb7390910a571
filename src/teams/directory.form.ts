import { type DirectorySearch, SEARCH_MAX_LENGTH } from './suspension.ts';

/** Query: `q` (part of a name or address, or an id), `state` (`suspended`). What cannot be read is left out. */
export function parseDirectorySearch(query: URLSearchParams): DirectorySearch {
  return {
    text: (query.get('q') ?? '').normalize('NFC').trim().slice(0, SEARCH_MAX_LENGTH),
    suspendedOnly: query.get('state') === 'suspended',
  };
}
