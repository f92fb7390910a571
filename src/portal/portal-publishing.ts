import type { Actor } from '../accounts/account.ts';
import type { PublishRequest } from '../publishing/publish-revision.ts';
import type { RevisionReport } from '../publishing/read-revision.ts';
import type {
  DiscardResult,
  OwnedVersion,
  PublishResult,
  Revision,
  SubmitResult,
  VersionAddress,
} from '../publishing/revision.ts';
import type { SubmitRequest } from '../publishing/submit-document.ts';

/** Documents as owners bring and publish them. For everybody but owners there is none. */
export interface PortalPublishing {
  /** Of a document that is sent. */
  readonly documentMaxBytes: number;
  versions(actor: Actor): Promise<readonly OwnedVersion[]>;
  /** With its latest revisions, the newest first. */
  version(actor: Actor, key: VersionAddress): Promise<{ version: OwnedVersion; revisions: readonly Revision[] } | null>;
  revision(actor: Actor, key: VersionAddress, number: number): Promise<RevisionReport | null>;
  /** The text of a revision as its owner wrote it; null when it is not kept. */
  source(actor: Actor, key: VersionAddress, number: number): Promise<{ text: string; format: 'yaml' | 'json' } | null>;
  submit(actor: Actor, request: SubmitRequest): Promise<SubmitResult>;
  publish(actor: Actor, request: PublishRequest): Promise<PublishResult>;
  discard(actor: Actor, request: VersionAddress & { number: number }): Promise<DiscardResult>;
}
