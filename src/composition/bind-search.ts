import { createCatalogStore } from '../catalog/catalog-store.ts';
import type { GuideLibrary } from '../guides/guide-library.ts';
import { refusals as apiRefusals } from '../management/refusals.ts';
import type { NoticeLibrary } from '../notices/notice-library.ts';
import { createReferenceStore } from '../reference/reference-store.ts';
import { type SearchLibrary, createSearchLibrary } from '../search/search-library.ts';
import { createSearchStore } from '../search/search-store.ts';
import { createSearchThread } from '../search/search-thread.ts';
import { refusals as serverRefusals } from '../server/refusals.ts';
import { refusals as verdictRefusals } from '../verify/verdict.ts';
import type { Foundation } from './foundation.ts';

/** Search over what everybody may read; nothing of a team or an account is ever given to it. */
export function bindSearch(
  { databases, clock, log }: Foundation,
  { guides, notices }: { guides: GuideLibrary; notices: Pick<NoticeLibrary, 'list'> },
): SearchLibrary {
  return createSearchLibrary({
    catalog: createCatalogStore(databases.portal),
    reference: createReferenceStore(databases.portal),
    store: createSearchStore(databases.portal),
    guides,
    notices,
    refusals: searchableRefusals(),
    thread: createSearchThread(),
    clock,
    log,
  });
}

/** Those that have a page; where two tables know a code, the page shows the first. */
function searchableRefusals(): Parameters<typeof createSearchLibrary>[0]['refusals'] {
  const texts = new Map<string, { status: number; title: string; text: string }>();
  for (const [code, { status, title, detail }] of Object.entries(serverRefusals))
    texts.set(code, { status, title, text: detail });
  for (const [code, { status, title, explanation, remedy }] of Object.entries({ ...verdictRefusals, ...apiRefusals }))
    texts.set(code, { status, title, text: `${explanation} ${remedy}` });
  return [...texts].map(([code, rest]) => ({ kind: 'refusal' as const, href: `/errors/${code}`, code, ...rest }));
}
