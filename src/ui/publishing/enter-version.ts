import type { APIContext } from 'astro';

import type { Actor } from '../../accounts/account.ts';
import { parseRevisionNumber } from '../../publishing/publish-revision.form.ts';
import type { RevisionReport } from '../../publishing/read-revision.ts';
import type { OwnedVersion, Revision, VersionAddress } from '../../publishing/revision.ts';
import { enterAsOwner } from '../guard.ts';

export interface EnteredVersion {
  actor: Actor;
  key: VersionAddress;
  version: OwnedVersion;
  /** The newest first. */
  revisions: readonly Revision[];
  /** Of its page; everything about it stands below. */
  path: string;
  trail: readonly { href: string; text: string }[];
}

/** The owner who asks and the version that the address names; null for everybody else, and when there is none. */
export async function enterVersion({
  locals: { portal, signedIn },
  params,
}: Pick<APIContext, 'locals' | 'params'>): Promise<EnteredVersion | null> {
  const actor = enterAsOwner(signedIn);
  const key = { slug: params.api ?? '', version: params.version ?? '' };
  const found = actor && (await portal.publishing.version(actor, key));
  if (!found) return null;
  const path = `/owner/apis/${key.slug}/${key.version}`;
  return { actor, key, ...found, path, trail: [...apisTrail, { href: path, text: versionTitle(found.version) }] };
}

export interface EnteredRevision {
  actor: Actor;
  key: VersionAddress;
  report: RevisionReport;
  /** Of its page. */
  path: string;
  versionPath: string;
  trail: readonly { href: string; text: string }[];
}

export async function enterRevision({
  locals: { portal, signedIn },
  params,
}: Pick<APIContext, 'locals' | 'params'>): Promise<EnteredRevision | null> {
  const actor = enterAsOwner(signedIn);
  const number = parseRevisionNumber(params.number);
  const key = { slug: params.api ?? '', version: params.version ?? '' };
  const report = actor && number !== null ? await portal.publishing.revision(actor, key, number) : null;
  if (!actor || !report) return null;
  const versionPath = `/owner/apis/${key.slug}/${key.version}`;
  const path = `${versionPath}/revisions/${String(number)}`;
  const trail = [...apisTrail, { href: versionPath, text: versionTitle(report.version) }];
  return { actor, key, report, path, versionPath, trail };
}

const apisTrail = [
  { href: '/owner', text: 'Owner' },
  { href: '/owner/apis', text: 'Documents' },
];

export function versionTitle({ apiTitle, version }: Pick<OwnedVersion, 'apiTitle' | 'version'>): string {
  return `${apiTitle} ${version}`;
}
