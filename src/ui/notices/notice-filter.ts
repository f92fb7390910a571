import { NOTICE_KINDS, type NoticeFilter, SEVERITIES } from '../../notices/notice.ts';

/** Kinds that the list can be narrowed to. */
export const listedKinds = [...NOTICE_KINDS, 'policy'] as const;

/** The filter of a notice list's address; what is not a known word filters nothing. */
export function readNoticeFilter(query: URLSearchParams, apiSlugs: readonly string[]): NoticeFilter {
  return {
    kind: listedKinds.find((kind) => kind === query.get('kind')),
    severity: SEVERITIES.find((severity) => severity === query.get('severity')),
    api: apiSlugs.find((slug) => slug === query.get('api')),
  };
}

/** Address of the list under `filter`. */
export function noticeListPath(filter: NoticeFilter, path = '/notices'): string {
  const entries = Object.entries(filter).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const query = new URLSearchParams(entries).toString();
  return query === '' ? path : `${path}?${query}`;
}
