import type { Api, ApiVersion } from '../../catalog/api.ts';
import type { Portal } from '../../portal/portal.ts';
import type { Affected, Deprecation } from '../../notices/notice.ts';

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

export interface AnnouncedDeprecations {
  /** All that concern the operation, with its version or alone. */
  all: readonly Deprecation[];
  /** The newest that names it: it ends alone. */
  own: Deprecation | null;
}

/** What has been announced about the end of an operation. */
export function deprecationsOf(portal: Portal, { key }: FoundVersion, operationId: string): AnnouncedDeprecations {
  const found = portal.notices
    .list({ api: key.api, kind: 'deprecation' })
    .filter((notice) => notice.kind === 'deprecation')
    .map((notice) => ({ notice, affected: notice.affects.filter((one) => concerns(one, key, operationId)) }))
    .filter(({ affected }) => affected.length > 0);
  const own = found.find(({ affected }) => affected.every(({ operations }) => operations.length > 0));
  return { all: found.map(({ notice }) => notice), own: own?.notice ?? null };
}

function concerns({ api, versions, operations }: Affected, key: FoundVersion['key'], operationId: string): boolean {
  const hasVersion = versions.length === 0 || versions.includes(key.version);
  return api === key.api && hasVersion && (operations.length === 0 || operations.includes(operationId));
}

const LONGEST_ID = 1000;

/** Id of the node to look into, from the query; '' for none. */
export function openIdOf(url: URL): string {
  const id = url.searchParams.get('open') ?? '';
  return id.length <= LONGEST_ID ? id : '';
}
