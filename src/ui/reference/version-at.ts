import type { Api, ApiVersion } from '../../catalog/api.ts';
import type { Portal } from '../../composition/portal.ts';
import type { Notice } from '../../notices/notice.ts';

export interface FoundVersion {
  api: Api;
  version: ApiVersion;
  key: { api: string; version: string };
  /** Such as `/docs/parcels/v2`. */
  path: string;
}

/** The published version that an address names; null when there is none. */
export async function versionAt(
  portal: Portal,
  params: Readonly<Record<string, string | undefined>>,
): Promise<FoundVersion | null> {
  const api = await portal.catalog.api(params.api ?? '');
  const version = api?.versions.find((one) => one.version === params.version);
  if (!api || !version) return null;
  const key = { api: api.slug, version: version.version };
  return { api, version, key, path: `/docs/${key.api}/${key.version}` };
}

/** What has been announced about the end of a version. */
export function deprecationsOf(portal: Portal, { key }: FoundVersion): readonly Notice[] {
  return portal.notices
    .list({ api: key.api, kind: 'deprecation' })
    .filter(({ affects }) =>
      affects.some(({ api, versions }) => api === key.api && (versions.length === 0 || versions.includes(key.version))),
    );
}

const LONGEST_ID = 1000;

/** Id of the node to look into, from the query; '' for none. */
export function openIdOf(url: URL): string {
  const id = url.searchParams.get('open') ?? '';
  return id.length <= LONGEST_ID ? id : '';
}
