import { ABSENT_APPLICATION, ABSENT_KEY, type OperationCase, absent, keyPath, unknownQuery } from './operation-case.ts';

/** Reports of usage, and alerts about quotas. */
export const usageCases: Readonly<Record<string, OperationCase>> = {
  getApplicationReport: {
    ok: ({ applicationId }) => ({ path: `/applications/${applicationId}/usage/report?range=24h` }),
    answers: () => ({ range: '24h', grain: 'hour', slots: Array.from({ length: 24 }, () => ({ allowed: 0 })) }),
    refused: () => absent('GET', `/applications/${ABSENT_APPLICATION}/usage/report`),
  },
  getKeyReport: {
    ok: (scene) => ({ path: keyPath(scene, '/usage/report?range=7d') }),
    answers: () => ({ range: '7d', grain: 'day', total: { allowed: 0, refused: 0, medianMs: null }, byKey: [] }),
    refused: ({ applicationId }) => absent('GET', `/applications/${applicationId}/keys/${ABSENT_KEY}/usage/report`),
  },
  listKeyAddresses: {
    ok: (scene) => ({ path: keyPath(scene, '/addresses') }),
    answers: () => ({ addresses: [], nextCursor: null }),
    refused: ({ applicationId }) => absent('GET', `/applications/${applicationId}/keys/${ABSENT_KEY}/addresses`),
  },
  getApiReport: {
    by: 'olga',
    ok: () => ({ path: '/owner/apis/parcels/usage/report?range=13m' }),
    answers: () => ({ range: '13m', grain: 'month', byKey: [] }),
    refused: () => absent('GET', '/owner/apis/nothing/usage/report'),
  },
  getQuotaMail: {
    ok: ({ applicationId }) => ({ path: `/applications/${applicationId}/quota-mail` }),
    answers: () => ({ isMailed: true }),
    refused: () => absent('GET', `/applications/${ABSENT_APPLICATION}/quota-mail`),
  },
  changeQuotaMail: {
    ok: ({ applicationId }) => ({
      method: 'PUT',
      path: `/applications/${applicationId}/quota-mail`,
      body: { isMailed: false },
    }),
    answers: () => ({ isMailed: false }),
    refused: ({ applicationId }) => ({
      method: 'PUT',
      path: `/applications/${applicationId}/quota-mail`,
      body: { isMailed: 'off' },
      code: 'invalid_body',
    }),
  },
  listQuotaAlerts: {
    by: 'olga',
    ok: () => ({ path: '/owner/quota-alerts' }),
    answers: () => ({ alerts: [], nextCursor: null }),
    refused: () => unknownQuery('/owner/quota-alerts'),
  },
};
