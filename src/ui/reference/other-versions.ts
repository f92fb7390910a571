import type { Api, Operation } from '../../catalog/api.ts';
import type { Portal } from '../../portal/portal.ts';
import type { FoundVersion } from './version-at.ts';

export interface VersionLink {
  version: string;
  href: string;
  isCurrent: boolean;
}

/** All versions, newest first, each to the page that shows the same there. */
export function versionLinks(
  api: Api,
  current: string,
  pathIn: (version: string) => string = () => '',
): readonly VersionLink[] {
  return api.versions.map(({ version }) => ({
    version,
    href: `/docs/${api.slug}/${version}${pathIn(version)}`,
    isCurrent: version === current,
  }));
}

/** To the same operation where a version has it, else to the version's overview. */
export async function operationVersionLinks(
  portal: Portal,
  { api, version }: FoundVersion,
  operation: Operation,
): Promise<readonly VersionLink[]> {
  const others = api.versions.map((one) => one.version).filter((name) => name !== version.version);
  const slugs = await portal.differences.sameOperation(api.slug, others, operation);
  return versionLinks(api, version.version, (name) => {
    const slug = name === version.version ? operation.slug : slugs.get(name);
    return slug === undefined ? '' : `/${slug}`;
  });
}
