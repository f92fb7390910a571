import { ABSENT_APPLICATION, ABSENT_KEY, type OperationCase, absent, keyPath, reason } from './operation-case.ts';

const newKey = { name: 'Build server', environment: 'test', expiresAt: null };

/** Applications and keys of developers. */
export const keyCases: Readonly<Record<string, OperationCase>> = {
  listApplications: {
    ok: () => ({ path: '/applications' }),
    refused: () => ({ path: '/applications?limit=0', code: 'invalid_parameter' }),
  },
  createApplication: {
    ok: () => ({ method: 'POST', path: '/applications', body: { name: 'Tea shop' } }),
    answers: () => ({ name: 'Tea shop', description: '' }),
    refused: () => ({ method: 'POST', path: '/applications', body: { name: ' ' }, code: 'invalid_body' }),
  },
  getApplication: {
    ok: ({ applicationId }) => ({ path: `/applications/${applicationId}` }),
    answers: ({ applicationId }) => ({ id: applicationId }),
    refused: () => absent('GET', `/applications/${ABSENT_APPLICATION}`),
  },
  listSubscriptions: {
    ok: ({ applicationId }) => ({ path: `/applications/${applicationId}/subscriptions` }),
    answers: () => ({ subscriptions: [{ api: 'parcels', plan: 'free' }] }),
    refused: () => absent('GET', `/applications/${ABSENT_APPLICATION}/subscriptions`),
  },
  addSubscription: {
    ok: ({ applicationId }) => ({
      method: 'POST',
      path: `/applications/${applicationId}/subscriptions`,
      body: { api: 'parcels', plan: 'standard' },
    }),
    refused: ({ applicationId }) => ({
      method: 'POST',
      path: `/applications/${applicationId}/subscriptions`,
      body: { api: 'parcels', plan: 'nothing' },
      code: 'unknown_plan',
    }),
  },
  listKeys: {
    ok: ({ applicationId }) => ({ path: `/applications/${applicationId}/keys` }),
    answers: ({ keyId }) => ({ keys: [{ id: keyId, state: 'active' }], nextCursor: null }),
    refused: () => absent('GET', `/applications/${ABSENT_APPLICATION}/keys`),
  },
  issueKey: {
    ok: ({ applicationId }) => ({ method: 'POST', path: `/applications/${applicationId}/keys`, body: newKey }),
    answers: () => ({ key: { name: 'Build server', state: 'active' } }),
    refused: ({ applicationId }) => ({
      method: 'POST',
      path: `/applications/${applicationId}/keys`,
      body: { ...newKey, expiresAt: '2020-01-01T00:00:00Z' },
      code: 'invalid_body',
    }),
  },
  getKey: {
    ok: (scene) => ({ path: keyPath(scene) }),
    answers: ({ keyId }) => ({ id: keyId }),
    refused: ({ applicationId }) => absent('GET', `/applications/${applicationId}/keys/${ABSENT_KEY}`),
  },
  updateKey: {
    ok: (scene) => ({ method: 'PATCH', path: keyPath(scene), body: { name: 'Worker 2' } }),
    answers: () => ({ name: 'Worker 2' }),
    refused: (scene) => ({
      method: 'PATCH',
      path: keyPath(scene),
      body: { name: 'x'.repeat(61) },
      code: 'invalid_body',
    }),
  },
  scheduleKey: {
    ok: (scene) => ({ method: 'PUT', path: keyPath(scene, '/schedule'), body: { rotationIntervalDays: 30 } }),
    answers: () => ({ rotationIntervalDays: 30 }),
    refused: (scene) => ({
      method: 'PUT',
      path: keyPath(scene, '/schedule'),
      body: { rotationIntervalDays: 0 },
      code: 'invalid_body',
    }),
  },
  replaceAllowlist: {
    ok: (scene) => ({
      method: 'PUT',
      path: keyPath(scene, '/allowlist'),
      body: { allowlist: [{ cidr: '203.0.113.7', note: 'Office' }] },
    }),
    answers: () => ({ allowlist: [{ cidr: '203.0.113.7/32', note: 'Office' }] }),
    refused: (scene) => ({
      method: 'PUT',
      path: keyPath(scene, '/allowlist'),
      body: { allowlist: [{ cidr: '203.0.113.0/33' }] },
      code: 'invalid_body',
    }),
  },
  restrictKey: {
    ok: (scene) => ({ method: 'PATCH', path: keyPath(scene, '/restrictions'), body: { methods: ['GET'] } }),
    answers: () => ({ methods: ['GET'], allowlist: [] }),
    refused: (scene) => ({
      method: 'PATCH',
      path: keyPath(scene, '/restrictions'),
      body: { scopes: ['moon:read'] },
      code: 'invalid_body',
    }),
  },
  rotateKey: {
    ok: (scene) => ({ method: 'POST', path: keyPath(scene, '/rotation'), body: { overlapSeconds: 60 } }),
    answers: ({ keyId }) => ({ replacedKeyId: keyId, key: { state: 'active' } }),
    refused: (scene) => ({
      method: 'POST',
      path: keyPath(scene, '/rotation'),
      body: { overlapSeconds: 366 * 86_400 },
      code: 'overlap_too_long',
    }),
  },
  changeOverlap: {
    // A rotation comes first.
    ok: (scene) => ({ method: 'PUT', path: keyPath(scene, '/overlap'), body: { overlapSeconds: 0 } }),
    answers: () => ({ state: 'expired' }),
    refused: (scene) => ({
      method: 'PUT',
      path: keyPath(scene, '/overlap'),
      body: { overlapSeconds: 0 },
      code: 'not_in_overlap',
    }),
  },
  revokeKey: {
    ok: (scene) => ({ method: 'POST', path: keyPath(scene, '/revocation'), body: reason }),
    answers: () => ({ state: 'revoked', revokeReason: 'Laptop lost' }),
    refused: ({ applicationId }) =>
      absent('POST', `/applications/${applicationId}/keys/${ABSENT_KEY}/revocation`, reason),
  },
  resumeDormantKey: {
    ok: (scene) => ({ method: 'POST', path: keyPath(scene, '/resumption') }),
    answers: () => ({ state: 'active', suspendedAt: null }),
    refused: (scene) => ({ method: 'POST', path: keyPath(scene, '/resumption'), code: 'key_state_conflict' }),
  },
  revokeApplicationKeys: {
    ok: ({ applicationId }) => ({ method: 'POST', path: `/applications/${applicationId}/revocation`, body: reason }),
    answers: ({ keyId }) => ({ keys: [{ id: keyId, state: 'revoked' }] }),
    refused: () => absent('POST', `/applications/${ABSENT_APPLICATION}/revocation`, reason),
  },
  revokeTeamKeys: {
    ok: ({ nora }) => ({ method: 'POST', path: `/teams/${String(nora.teamIds[0])}/revocation`, body: reason }),
    answers: ({ keyId }) => ({ keys: [{ id: keyId }] }),
    refused: ({ mallory }) => absent('POST', `/teams/${String(mallory.teamIds[0])}/revocation`, reason),
  },
};
