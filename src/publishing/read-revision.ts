import type { Difference } from '../difference/difference.ts';
import type { DifferenceLibrary } from '../difference/difference-library.ts';
import type { Clock } from '../platform/clock.ts';
import type { LintReport } from './lint-report.ts';
import { type Affected, type AffectedDeps, NOBODY, readAffected } from './read-affected.ts';
import type { OwnedVersion, Revision, VersionAddress } from './revision.ts';
import type { RevisionLinter } from './revision-linter.ts';
import type { RevisionStore } from './revision-store.ts';

/** What publishing a revision would change for readers. */
export type Changes =
  /** `first`: nothing is published yet. `same`: it is published, or its document is the same. `not_kept`: one of the two texts was forgotten. */
  { state: 'first' | 'same' | 'too_much' | 'not_kept' } | { state: 'compared'; difference: Difference };

/** A revision with all that helps to decide about it. */
export interface RevisionReport {
  version: OwnedVersion;
  revision: Revision;
  /** null: the lint is still at it, or came too late: the text is not kept. */
  lint: LintReport | null;
  changes: Changes;
  affected: Affected;
}

export interface ReadChangesDeps {
  revisions: Pick<RevisionStore, 'document'>;
  differences: Pick<DifferenceLibrary, 'ofNamed'>;
}

export interface ReadRevisionDeps extends ReadChangesDeps, AffectedDeps {
  revisions: RevisionStore;
  linter: RevisionLinter;
  clock: Clock;
}

/** null: there is no such revision. */
export async function readRevision(
  deps: ReadRevisionDeps,
  key: VersionAddress,
  number: number,
): Promise<RevisionReport | null> {
  const [version, found] = [await deps.revisions.version(key), await deps.revisions.find(key, number)];
  if (!version || !found) return null;
  const { revision } = found;
  const lint = found.lint ?? (await deps.linter.lint(key, number));
  const changes = await readChanges(deps, key, version.published, revision);
  const affected =
    changes.state === 'compared' ? await readAffected(deps, key, changes.difference, deps.clock.nowMs()) : NOBODY;
  return { version, revision, lint, changes, affected };
}

/** From what is published to a revision. */
export async function readChanges(
  { revisions, differences }: ReadChangesDeps,
  key: VersionAddress,
  published: Revision | null,
  revision: Revision,
): Promise<Changes> {
  if (!published) return { state: 'first' };
  if (published.documentSha256 === revision.documentSha256) return { state: 'same' };
  if (!published.isKept || !revision.isKept) return { state: 'not_kept' };
  const named = ({ number, documentSha256 }: Revision) => ({
    sha256: documentSha256,
    read: async () => (await revisions.document(key, number)) ?? '{}',
  });
  const difference = await differences.ofNamed(named(published), named(revision));
  return difference ? { state: 'compared', difference } : { state: 'too_much' };
}
