import type { Notice, NoticeFilter, Severity } from '../../notices/notice.ts';

export const noticeKinds: readonly Notice['kind'][] = ['advisory', 'deprecation'];
export const severities: readonly Severity[] = ['critical', 'high', 'medium', 'low'];

/** The filter of a notice list's address; what is not a known word filters nothing. */
export function readNoticeFilter(query: URLSearchParams, apiSlugs: readonly string[]): NoticeFilter {
  return {
    kind: noticeKinds.find((kind) => kind === query.get('kind')),
    severity: severities.find((severity) => severity === query.get('severity')),
    api: apiSlugs.find((slug) => slug === query.get('api')),
  };
}

/** Address of the list under `filter`. */
export function noticeListPath(filter: NoticeFilter, path = '/notices'): string {
  const entries = Object.entries(filter).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const query = new URLSearchParams(entries).toString();
  return query === '' ? path : `${path}?${query}`;
}
