import { directoryCases } from './directory-cases.ts';
import { keyCases } from './key-cases.ts';
import { noticeCases } from './notice-cases.ts';
import { ownerCases } from './owner-cases.ts';
import { policyCases } from './policy-cases.ts';
import { publishingCases } from './publishing-cases.ts';
import { preferenceCases } from './preference-cases.ts';
import { teamCases } from './team-cases.ts';
import { usageCases } from './usage-cases.ts';
import { webhookCases } from './webhook-cases.ts';
import {
  ABSENT_APPLICATION,
  ABSENT_KEY,
  type OperationCase,
  absent,
  keyPath,
  reason,
  unknownQuery,
} from './operation-case.ts';

const message = { message: 'It looks like a loop.' };

/** One success and one refusal of every operation. */
export const cases: Readonly<Record<string, OperationCase>> = {
  listApis: { by: 'nobody', ok: () => ({ path: '/apis' }), refused: () => unknownQuery('/apis') },
  getApi: {
    by: 'nobody',
    ok: () => ({ path: '/apis/parcels' }),
    answers: () => ({ slug: 'parcels' }),
    refused: () => absent('GET', '/apis/nothing'),
  },
  getOpenApiDocument: {
    by: 'nobody',
    ok: () => ({ path: '/apis/parcels/versions/v2/openapi.json' }),
    answers: () => ({ openapi: '3.1.0' }),
    refused: () => absent('GET', '/apis/parcels/versions/v9/openapi.json'),
  },
  getManagementDocument: {
    by: 'nobody',
    ok: () => ({ path: '/openapi.json' }),
    answers: () => ({ servers: [{ url: 'https://developers.example/api/v1' }] }),
    refused: () => unknownQuery('/openapi.json'),
  },
  listNotices: {
    by: 'nobody',
    ok: () => ({ path: '/notices?kind=deprecation' }),
    refused: () => ({ path: '/notices?kind=news', code: 'invalid_parameter' }),
  },
  getNotice: {
    by: 'nobody',
    ok: ({ noticeSlug }) => ({ path: `/notices/${noticeSlug}` }),
    answers: ({ noticeSlug }) => ({ slug: noticeSlug }),
    refused: () => absent('GET', '/notices/nothing'),
  },
  getCallingKey: {
    by: 'key',
    ok: () => ({ path: '/key' }),
    answers: ({ keyId, applicationId }) => ({ id: keyId, application: { id: applicationId } }),
    refused: () => unknownQuery('/key'),
  },
  ...keyCases,
  ...webhookCases,
  ...teamCases,
  ...usageCases,
  ...policyCases,
  ...publishingCases,
  ...ownerCases,
  ...directoryCases,
  ...noticeCases,
  ...preferenceCases,
  getUsage: {
    ok: ({ applicationId }) => ({ path: `/applications/${applicationId}/usage?days=7` }),
    refused: ({ applicationId }) => ({
      path: `/applications/${applicationId}/usage?days=91`,
      code: 'invalid_parameter',
    }),
  },
  listKeyActivity: {
    ok: ({ applicationId }) => ({ path: `/applications/${applicationId}/key-activity` }),
    answers: () => ({ activities: [] }),
    refused: () => absent('GET', `/applications/${ABSENT_APPLICATION}/key-activity`),
  },
  getKeyHistory: {
    ok: (scene) => ({ path: keyPath(scene, '/history') }),
    refused: ({ applicationId }) => absent('GET', `/applications/${applicationId}/keys/${ABSENT_KEY}/history`),
  },
  listOwnNotices: {
    ok: () => ({ path: '/account/notices?limit=1' }),
    refused: () => ({ path: '/account/notices?cursor=x', code: 'invalid_parameter' }),
  },
  getOwnNotice: {
    ok: ({ noticeSlug }) => ({ path: `/account/notices/${noticeSlug}` }),
    answers: ({ noticeSlug }) => ({ notice: { slug: noticeSlug } }),
    refused: () => absent('GET', '/account/notices/nothing'),
  },
  markNoticeRead: {
    ok: ({ noticeSlug }) => ({ method: 'PUT', path: `/account/notices/${noticeSlug}/reading` }),
    refused: () => absent('PUT', '/account/notices/nothing/reading'),
  },
  acknowledgeNotice: {
    ok: ({ noticeSlug }) => ({ method: 'PUT', path: `/account/notices/${noticeSlug}/acknowledgement` }),
    refused: () => absent('PUT', '/account/notices/nothing/acknowledgement'),
  },
  listAuditEntries: {
    ok: ({ keyId }) => ({ path: `/audit?subject=${keyId}&area=key&from=2026-01-01` }),
    answers: ({ keyId }) => ({ entries: [{ subject: keyId }, { subject: keyId, action: 'key.issued' }] }),
    refused: () => ({ path: '/audit?from=yesterday', code: 'invalid_parameter' }),
  },
  listAllAuditEntries: {
    by: 'olga',
    ok: ({ keyId }) => ({ path: `/owner/audit?subject=${keyId}` }),
    answers: ({ keyId, nora }) => ({ entries: [{ subject: keyId }, { subject: keyId, teamId: nora.teamIds[0] }] }),
    refused: () => ({ path: '/owner/audit?area=moon', code: 'invalid_parameter' }),
  },
  checkAuditChain: {
    by: 'olga',
    ok: () => ({ path: '/owner/audit/chain' }),
    answers: () => ({ isWhole: true }),
    refused: () => unknownQuery('/owner/audit/chain'),
  },
  getAccount: {
    ok: () => ({ path: '/account' }),
    answers: ({ nora }) => ({ id: nora.accountId, email: nora.email, role: 'developer' }),
    refused: () => unknownQuery('/account'),
  },
  revokeToken: {
    ok: () => ({ method: 'DELETE', path: '/account/token' }),
    refused: () => ({ method: 'DELETE', path: '/account/token', body: {}, code: 'malformed_body' }),
  },
  findKey: {
    by: 'olga',
    ok: ({ keyId }) => ({ path: `/owner/keys/${keyId}` }),
    answers: ({ keyId, nora }) => ({ key: { id: keyId }, teamId: nora.teamIds[0] }),
    refused: () => absent('GET', `/owner/keys/${ABSENT_KEY}`),
  },
  suspendKey: {
    by: 'olga',
    ok: ({ keyId }) => ({ method: 'POST', path: `/owner/keys/${keyId}/suspension`, body: message }),
    answers: () => ({ state: 'suspended' }),
    refused: () => absent('POST', `/owner/keys/${ABSENT_KEY}/suspension`, message),
  },
  resumeKey: {
    by: 'olga',
    // A suspension comes first.
    ok: ({ keyId }) => ({ method: 'POST', path: `/owner/keys/${keyId}/resumption`, body: message }),
    answers: () => ({ state: 'active' }),
    refused: ({ keyId }) => ({
      method: 'POST',
      path: `/owner/keys/${keyId}/resumption`,
      body: message,
      code: 'key_state_conflict',
    }),
  },
  revokeAnyApplicationKeys: {
    by: 'olga',
    ok: ({ applicationId }) => ({
      method: 'POST',
      path: `/owner/applications/${applicationId}/revocation`,
      body: reason,
    }),
    answers: ({ keyId }) => ({ keys: [{ id: keyId, state: 'revoked' }] }),
    refused: () => absent('POST', `/owner/applications/${ABSENT_APPLICATION}/revocation`, reason),
  },
  revokeAnyTeamKeys: {
    by: 'olga',
    ok: ({ nora }) => ({ method: 'POST', path: `/owner/teams/${String(nora.teamIds[0])}/revocation`, body: reason }),
    answers: ({ keyId }) => ({ keys: [{ id: keyId }] }),
    refused: ({ nora }) => ({
      method: 'POST',
      path: `/owner/teams/${String(nora.teamIds[0])}/revocation`,
      body: {},
      code: 'invalid_body',
    }),
  },
  listNoticeOverview: {
    by: 'olga',
    ok: () => ({ path: '/owner/notices?limit=2' }),
    refused: () => ({ path: '/owner/notices?limit=101', code: 'invalid_parameter' }),
  },
  getNoticeImpact: {
    by: 'olga',
    ok: ({ noticeSlug }) => ({ path: `/owner/notices/${noticeSlug}/impact` }),
    answers: ({ noticeSlug }) => ({ notice: { slug: noticeSlug } }),
    refused: () => absent('GET', '/owner/notices/nothing/impact'),
  },
  remindCallers: {
    by: 'olga',
    // Somebody has called before.
    ok: ({ noticeSlug }) => ({ method: 'POST', path: `/owner/notices/${noticeSlug}/reminder` }),
    answers: () => ({ mails: 1 }),
    refused: () => absent('POST', '/owner/notices/nothing/reminder'),
  },
};
