import { join } from 'node:path';

import type { Clock } from '../platform/clock.ts';
import { createContentFolder } from '../platform/content-folder.ts';
import type { Guide, GuideProblem } from './guide.ts';
import { loadGuides } from './load-guides.ts';

export interface GuideLibrary {
  /** In reading order. */
  list(): readonly Guide[];
  find(slug: string): Guide | null;
  problems(): readonly GuideProblem[];
}

/** The guides of CONTENT_DIR; a file that is added, changed or removed shows within a second. */
export function createGuideLibrary({ contentDir, clock }: { contentDir: string; clock: Clock }): GuideLibrary {
  const current = createContentFolder(join(contentDir, 'guides'), clock, loadGuides);
  return {
    list: () => current().guides,
    find: (slug) => current().guides.find((guide) => guide.slug === slug) ?? null,
    problems: () => current().problems,
  };
}
