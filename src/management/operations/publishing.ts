import { parseRevisionNumber } from '../../publishing/publish-revision.form.ts';
import { publishedSource } from '../../publishing/revision.ts';
import { absentHere, answer, refuse } from '../answers.ts';
import { type Answer, type Call, defineOperation } from '../operation.ts';
import { NO_REVISION, NO_VERSION, refusePublication, refuseSubmission } from '../publishing-refusals.ts';
import {
  describeRevision,
  describeRevisionReport,
  documentListSchema,
  noteQuery,
  publicationBody,
  revisionListSchema,
  revisionParams,
  revisionReportSchema,
  revisionTextSchema,
  versionParams,
} from '../schemas/publishing.ts';
import { noParams, noQuery } from '../schemas/registry.ts';

const pushDocument = defineOperation({
  operationId: 'pushDocument',
  method: 'PUT',
  path: '/apis/{slug}/versions/{version}/document',
  tag: 'Documents',
  summary: 'Push an OpenAPI document',
  description:
    'Checks and lints it, compares it with what is published, and keeps it as the candidate of the version. Readers see it once it is published. The same text again answers the revision that there is.',
  access: 'documents:write',
  params: versionParams,
  query: noteQuery,
  body: null,
  rawBody: {
    mediaTypes: [
      'application/yaml',
      'application/json',
      'application/openapi+json',
      'application/openapi+yaml',
      'application/x-yaml',
      'text/yaml',
      'text/plain',
    ],
    description: 'OpenAPI 2.0, 3.0, 3.1 or 3.2, in JSON or YAML, UTF-8.',
  },
  success: {
    status: 200,
    description: 'The revision, and what to know before it is published.',
    schema: revisionReportSchema,
  },
  refusals: ['not_found', 'invalid_document', 'document_too_large'],
  async handler(call) {
    const { portal, caller, params, query, bytes } = call;
    const note = (query.note ?? '').replaceAll(/\s+/g, ' ').trim();
    const result = await portal.publishing.submit(caller().actor, { ...params, bytes, origin: 'pushed', note });
    return result.ok ? reportOf(call, params, result.revision.number) : refuseSubmission(result);
  },
});

const listDocuments = defineOperation({
  operationId: 'listDocuments',
  method: 'GET',
  path: '/owner/documents',
  tag: 'Documents',
  summary: 'List the documents of all versions',
  access: 'documents:read',
  params: noParams,
  query: noQuery,
  body: null,
  success: {
    status: 200,
    description: 'What is published, and what waits for a decision.',
    schema: documentListSchema,
  },
  refusals: [],
  async handler({ portal, caller }) {
    const versions = await portal.publishing.versions(caller().actor);
    const { publicUrl } = portal.site;
    return answer({
      documents: versions.map((one) => ({
        api: one.slug,
        version: one.version,
        source: publishedSource(one),
        published: one.published && describeRevision(one.published, one, publicUrl),
        candidate: one.candidate && describeRevision(one.candidate, one, publicUrl),
      })),
    });
  },
});

const getRevisionText = defineOperation({
  operationId: 'getRevisionText',
  method: 'GET',
  path: '/apis/{slug}/versions/{version}/revisions/{number}/text',
  tag: 'Documents',
  summary: 'Get the text of a revision',
  description: 'As its owner wrote it.',
  access: 'documents:read',
  params: revisionParams,
  query: noQuery,
  body: null,
  success: { status: 200, description: 'The text.', schema: revisionTextSchema },
  refusals: ['not_found'],
  async handler({ portal, caller, params }) {
    const number = parseRevisionNumber(params.number);
    const source = number === null ? null : await portal.publishing.source(caller().actor, params, number);
    return source ? answer(source) : absentHere('There is no revision of this number, or its text is not kept.');
  },
});

const listRevisions = defineOperation({
  operationId: 'listRevisions',
  method: 'GET',
  path: '/apis/{slug}/versions/{version}/revisions',
  tag: 'Documents',
  summary: 'List the revisions of a document',
  access: 'documents:read',
  params: versionParams,
  query: noQuery,
  body: null,
  success: { status: 200, description: 'What was brought, and what became of it.', schema: revisionListSchema },
  refusals: ['not_found'],
  async handler({ portal, caller, params }) {
    const found = await portal.publishing.version(caller().actor, params);
    if (!found) return absentHere(NO_VERSION);
    const { publicUrl } = portal.site;
    return answer({
      publishedRevision: found.version.published?.number ?? 0,
      revisions: found.revisions.map((revision) => describeRevision(revision, params, publicUrl)),
    });
  },
});

const getRevision = defineOperation({
  operationId: 'getRevision',
  method: 'GET',
  path: '/apis/{slug}/versions/{version}/revisions/{number}',
  tag: 'Documents',
  summary: 'Get a revision of a document',
  description: 'With what the lint found, what differs from the published document, and whom that affects.',
  access: 'documents:read',
  params: revisionParams,
  query: noQuery,
  body: null,
  success: { status: 200, description: 'The revision.', schema: revisionReportSchema },
  refusals: ['not_found'],
  handler: (call) => reportOf(call, call.params, parseRevisionNumber(call.params.number)),
});

const publishRevision = defineOperation({
  operationId: 'publishRevision',
  method: 'POST',
  path: '/apis/{slug}/versions/{version}/revisions/{number}/publication',
  tag: 'Documents',
  summary: 'Publish a revision of a document',
  description: 'A candidate, or one that was published before (roll back). All readers see it from one moment on.',
  access: 'documents:write',
  params: revisionParams,
  query: noQuery,
  body: publicationBody,
  exampleBody: { publishedRevision: 6, note: 'Release 2.4' },
  success: { status: 200, description: 'The revision, published.', schema: revisionReportSchema },
  refusals: ['not_found', 'breaking_changes', 'published_meanwhile', 'not_publishable', 'invalid_document'],
  async handler(call) {
    const { portal, caller, params, body } = call;
    const number = parseRevisionNumber(params.number);
    if (number === null) return absentHere(NO_REVISION);
    const { publishedRevision, allowBreaking, note } = body;
    const request = { ...params, number, basis: publishedRevision, allowsBreaking: allowBreaking, note };
    const result = await portal.publishing.publish(caller().actor, request);
    return result.ok ? reportOf(call, params, number) : refusePublication(result);
  },
});

const discardRevision = defineOperation({
  operationId: 'discardRevision',
  method: 'DELETE',
  path: '/apis/{slug}/versions/{version}/revisions/{number}',
  tag: 'Documents',
  summary: 'Discard a candidate',
  description: 'It stays in the history, and can not be published any more.',
  access: 'documents:write',
  params: revisionParams,
  query: noQuery,
  body: null,
  success: { status: 204, description: 'It is discarded.', schema: null },
  refusals: ['not_found', 'not_a_candidate'],
  async handler({ portal, caller, params }) {
    const number = parseRevisionNumber(params.number);
    if (number === null) return absentHere(NO_REVISION);
    const result = await portal.publishing.discard(caller().actor, { ...params, number });
    if (result.ok) return { status: 204 };
    return result.reason === 'not_found' ? absentHere(NO_REVISION) : refuse('not_a_candidate');
  },
});

async function reportOf(
  { portal, caller }: Pick<Call, 'portal' | 'caller'>,
  { slug, version }: { slug: string; version: string },
  number: number | null,
): Promise<Answer> {
  const report = number === null ? null : await portal.publishing.revision(caller().actor, { slug, version }, number);
  return report ? answer(describeRevisionReport(report, portal.site.publicUrl)) : absentHere(NO_REVISION);
}

export const publishingOperations = [
  listDocuments,
  pushDocument,
  listRevisions,
  getRevision,
  getRevisionText,
  publishRevision,
  discardRevision,
];
