import type { DocumentProblem, PublishResult, SubmitResult } from '../publishing/revision.ts';
import { absentHere, refuse } from './answers.ts';
import type { Answer } from './operation.ts';

export const NO_VERSION =
  'No version of this name can be published to. Add it to versions in the api.yaml of the API, with "document: pushed".';
export const NO_REVISION = 'There is no revision of this number.';

type Refused<Result> = Extract<Result, { ok: false }>;

/** Why a document was not kept. */
export function refuseSubmission(refusal: Refused<SubmitResult>): Answer {
  switch (refusal.reason) {
    case 'not_found':
      return absentHere(NO_VERSION);
    case 'not_text':
      return invalidDocument([{ line: null, reason: 'is not UTF-8 text' }]);
    case 'too_large':
      return refuse('document_too_large', undefined, { maxBytes: refusal.maxBytes });
    case 'invalid_document':
      return invalidDocument(refusal.problems);
  }
}

/** Why a revision was not published. */
export function refusePublication(refusal: Refused<PublishResult>): Answer {
  if (refusal.reason === 'not_found') return absentHere(NO_REVISION);
  if (refusal.reason === 'invalid_document') return invalidDocument(refusal.problems);
  if (refusal.reason === 'breaking_changes')
    return refuse('breaking_changes', undefined, { breaking: refusal.breaking });
  return refuse(refusal.reason);
}

function invalidDocument(problems: readonly DocumentProblem[]): Answer {
  const errors = problems.map(({ line, column, reason }) => ({
    pointer: '#',
    line,
    column: column ?? null,
    detail: reason,
  }));
  return refuse('invalid_document', undefined, { errors });
}
