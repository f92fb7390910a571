import type { AnnouncedEnd } from '../catalog/announced-end.ts';
import type { Notice } from './notice.ts';

/**
 * What published deprecations say of versions and operations, for programs: the headers of answers and the badges of pages.
 * Only of what they name: one about a whole API, such as the end of an old TLS version, ends no version of it; and one for
 * some plans or keys does not hold for all who call.
 * @param notices newest first: the newest counts where two name the same
 */
export function announcedEnds(notices: readonly Notice[]): AnnouncedEnd[] {
  const ends = new Map<string, AnnouncedEnd>();
  for (const notice of notices) {
    if (notice.kind !== 'deprecation') continue;
    const { slug: noticeSlug, deprecatedAtMs, sunsetAtMs } = notice;
    for (const { api, versions, operations, plans = [], keys = [] } of notice.affects) {
      if (plans.length + keys.length > 0) continue;
      for (const version of versions) {
        for (const operationId of operations.length === 0 ? [null] : operations) {
          const name = JSON.stringify([api, version, operationId]);
          if (!ends.has(name)) ends.set(name, { api, version, operationId, noticeSlug, deprecatedAtMs, sunsetAtMs });
        }
      }
    }
  }
  return [...ends.values()];
}
