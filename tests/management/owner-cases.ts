import { type OperationCase, absent, unknownQuery } from './operation-case.ts';

const ABSENT_COMMENT = '/owner/feedback/comments/fbk_00000000000000000000';
const ABSENT_REPORT = '/owner/security-reports/rpt_00000000000000000000';

/** Tyk, feedback, and reports of weaknesses. */
export const ownerCases: Readonly<Record<string, OperationCase>> = {
  getTykOverview: {
    by: 'olga',
    ok: () => ({ path: '/owner/tyk' }),
    answers: () => ({ problem: null, isComparingSoon: false }),
    refused: () => unknownQuery('/owner/tyk'),
  },
  listTykKeys: {
    by: 'olga',
    ok: () => ({ path: '/owner/tyk/keys?list=to_rotate&limit=1' }),
    answers: () => ({ keys: [], nextCursor: null }),
    refused: () => ({ path: '/owner/tyk/keys?list=all', code: 'invalid_parameter' }),
  },
  compareTykKeys: {
    by: 'olga',
    ok: () => ({ method: 'POST', path: '/owner/tyk/comparison' }),
    refused: () => ({ method: 'POST', path: '/owner/tyk/comparison', body: {}, code: 'malformed_body' }),
  },
  listPageFeedback: {
    by: 'olga',
    ok: () => ({ path: '/owner/feedback' }),
    answers: () => ({ pages: [{ page: '/guides/keys', clear: 0, unclear: 1 }] }),
    refused: () => unknownQuery('/owner/feedback'),
  },
  listFeedbackComments: {
    by: 'olga',
    ok: () => ({ path: '/owner/feedback/comments' }),
    answers: ({ commentId }) => ({ comments: [{ id: commentId, comment: 'What is an overlap?' }], nextCursor: null }),
    refused: () => ({ path: '/owner/feedback/comments?cursor=x', code: 'invalid_parameter' }),
  },
  removeFeedbackComment: {
    by: 'olga',
    ok: ({ commentId }) => ({ method: 'DELETE', path: `/owner/feedback/comments/${commentId}` }),
    refused: () => absent('DELETE', ABSENT_COMMENT),
  },
  listSecurityReports: {
    by: 'olga',
    ok: () => ({ path: '/owner/security-reports?limit=1' }),
    answers: () => ({ reports: [{ state: 'received', hasContact: false }] }),
    refused: () => ({ path: '/owner/security-reports?limit=0', code: 'invalid_parameter' }),
  },
  getSecurityReport: {
    by: 'olga',
    ok: ({ reportId }) => ({ path: `/owner/security-reports/${reportId}` }),
    answers: ({ reportId }) => ({ report: { id: reportId }, messages: [{ author: 'reporter' }] }),
    refused: () => absent('GET', ABSENT_REPORT),
  },
  answerSecurityReport: {
    by: 'olga',
    ok: ({ reportId }) => ({
      method: 'POST',
      path: `/owner/security-reports/${reportId}/answer`,
      body: { text: 'Thank you.', state: 'confirmed' },
    }),
    answers: () => ({
      report: { state: 'confirmed' },
      messages: [{ author: 'reporter' }, { author: 'owner', text: 'Thank you.' }],
    }),
    refused: ({ reportId }) => ({
      method: 'POST',
      path: `/owner/security-reports/${reportId}/answer`,
      body: { state: 'received' },
      code: 'invalid_body',
    }),
  },
};
