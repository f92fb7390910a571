import type { Actor } from '../accounts/account.ts';
import type { DifferenceLibrary } from '../difference/difference-library.ts';
import { createNoticeAudienceStore } from '../notices/notice-audience-store.ts';
import { createDocumentInspector } from '../publishing/document-inspector.ts';
import { createPublicationStore } from '../publishing/publication-store.ts';
import { discardRevision, publishRevision } from '../publishing/publish-revision.ts';
import { readRevision } from '../publishing/read-revision.ts';
import { createRevisionLinter } from '../publishing/revision-linter.ts';
import { createRevisionStore } from '../publishing/revision-store.ts';
import { submitDocument } from '../publishing/submit-document.ts';
import { createApiUsageStore } from '../usage/api-usage-store.ts';
import type { Foundation } from './foundation.ts';
import type { PortalPublishing } from '../portal/portal-publishing.ts';

/** A page waits no longer for the lint of a document from a file: of a large one it takes seconds. */
const LINT_WAIT_MS = 3_000;

/** Of the history of a version on its page. */
const MOST_REVISIONS = 200;

const absent = { ok: false, reason: 'not_found' } as const;

export function bindPublishing(
  { config, databases, clock, random }: Foundation,
  differences: DifferenceLibrary,
): PortalPublishing {
  const { documentMaxBytes, documentHistoryBytes } = config;
  const revisions = createRevisionStore(databases.portal);
  const inspector = createDocumentInspector();
  const deps = {
    revisions,
    linter: createRevisionLinter({ revisions, inspector, waitMs: LINT_WAIT_MS }),
    publications: createPublicationStore(databases.portal, { random, historyMaxBytes: documentHistoryBytes }),
    inspector,
    differences,
    usage: createApiUsageStore(databases.usage),
    audience: createNoticeAudienceStore(databases.portal),
    clock,
    documentMaxBytes,
  };
  const isOwner = ({ role }: Actor): boolean => role === 'owner';
  return {
    documentMaxBytes,
    versions: async (actor) => (isOwner(actor) ? revisions.versions() : []),
    async version(actor, key) {
      const version = isOwner(actor) ? await revisions.version(key) : null;
      return version && { version, revisions: await revisions.revisions(key, MOST_REVISIONS) };
    },
    revision: async (actor, key, number) => (isOwner(actor) ? readRevision(deps, key, number) : null),
    async source(actor, key, number) {
      const isThere = isOwner(actor) && (await revisions.version(key)) !== null;
      return isThere ? revisions.source(key, number) : null;
    },
    submit: async (actor, request) => (isOwner(actor) ? submitDocument(deps, actor, request) : absent),
    publish: async (actor, request) => (isOwner(actor) ? publishRevision(deps, actor, request) : absent),
    discard: async (actor, request) => (isOwner(actor) ? discardRevision(deps, actor, request) : absent),
  };
}
