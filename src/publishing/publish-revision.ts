import type { Actor } from '../accounts/account.ts';
import type { Clock } from '../platform/clock.ts';
import type { DocumentInspector } from './document-inspector.ts';
import type { PublicationStore } from './publication-store.ts';
import { type ReadChangesDeps, readChanges } from './read-revision.ts';
import {
  type DiscardResult,
  type PublishResult,
  type Revision,
  type VersionAddress,
  mayRollBackTo,
} from './revision.ts';
import type { RevisionStore } from './revision-store.ts';

export interface PublishRequest extends VersionAddress {
  number: number;
  /** Number of the published revision that whoever decides has seen; 0 for none. */
  basis: number;
  /** Whether changes that break clients are meant. */
  allowsBreaking: boolean;
  /** Why; '' for none. */
  note: string;
}

export interface PublishDeps extends ReadChangesDeps {
  revisions: RevisionStore;
  publications: PublicationStore;
  inspector: DocumentInspector;
  clock: Clock;
}

/** Lets readers see a candidate, or an earlier revision once more; all of it at one moment. */
export async function publishRevision(
  deps: PublishDeps,
  actor: Actor,
  request: PublishRequest,
): Promise<PublishResult> {
  const { slug, version, number, basis, note } = request;
  const key = { slug, version };
  const [owned, found] = [await deps.revisions.version(key), await deps.revisions.find(key, number)];
  if (!owned || !found) return { ok: false, reason: 'not_found' };
  const { state } = found.revision;
  if (state !== 'candidate' && !mayRollBackTo(found.revision)) return { ok: false, reason: 'not_publishable' };
  if ((owned.published?.number ?? 0) !== basis) return { ok: false, reason: 'published_meanwhile' };
  const changes = await readChanges(deps, key, owned.published, found.revision);
  const breaking = changes.state === 'compared' ? changes.difference.counts.error : 0;
  if (!request.allowsBreaking && (breaking > 0 || changes.state === 'too_much'))
    return { ok: false, reason: 'breaking_changes', breaking };
  const source = await deps.revisions.source(key, number);
  if (!source) return { ok: false, reason: 'not_publishable' };
  // Read once more: what is refused today is not published because it was accepted once.
  const { result } = await deps.inspector.inspect(source.text, source.format, { lint: false });
  if (!result.ok) return { ok: false, reason: 'invalid_document', problems: result.problems };
  const atMs = deps.clock.nowMs();
  const outcome = await deps.publications.publish(key, {
    number,
    document: result.document,
    basis,
    breaking,
    actor: actor.accountId,
    atMs,
    audit: {
      atMs,
      actor: actor.accountId,
      action: state === 'candidate' ? 'document.published' : 'document.rolled_back',
      subject: `${slug}/${version}`,
      teamId: null,
      details: { revision: number, before: basis, breaking, note, sha256: result.document.sha256 },
    },
  });
  if (outcome !== 'done') return { ok: false, reason: outcome };
  const after = await deps.revisions.find(key, number);
  return { ok: true, revision: after?.revision ?? found.revision };
}

export async function discardRevision(
  { revisions, publications, clock }: Pick<PublishDeps, 'revisions' | 'publications' | 'clock'>,
  actor: Actor,
  { slug, version, number }: VersionAddress & { number: number },
): Promise<DiscardResult> {
  const key = { slug, version };
  const found = await revisions.find(key, number);
  if (!found || !(await revisions.version(key))) return { ok: false, reason: 'not_found' };
  const isDiscarded = await publications.discard(key, number, {
    atMs: clock.nowMs(),
    actor: actor.accountId,
    action: 'document.discarded',
    subject: `${slug}/${version}`,
    teamId: null,
    details: { revision: number },
  });
  return isDiscarded ? { ok: true } : { ok: false, reason: 'not_a_candidate' };
}

/** What there is to decide about a revision. */
export function choicesFor(revision: Revision): { publish: boolean; rollBack: boolean; discard: boolean } {
  const isCandidate = revision.state === 'candidate';
  return { publish: isCandidate, rollBack: mayRollBackTo(revision), discard: isCandidate };
}
