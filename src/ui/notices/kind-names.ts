import type { Announcement, Notice } from '../../notices/notice.ts';

/** What a kind is called, of one and of many. */
export const kindNames: Readonly<Record<Notice['kind'] | Announcement['kind'], string>> = {
  advisory: 'Security advisory',
  deprecation: 'Deprecation',
  change: 'Change',
  incident: 'Incident',
  policy: 'Security policy',
};

export const kindPlurals: typeof kindNames = {
  advisory: 'Advisories',
  deprecation: 'Deprecations',
  change: 'Changes',
  incident: 'Incidents',
  policy: 'Policies',
};
