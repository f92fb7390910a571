import { ABSENT_APPLICATION, ABSENT_KEY, type OperationCase, absent, keyPath, unknownQuery } from './operation-case.ts';

/** What an account prefers, and what helps to choose the restrictions of a key. */
export const preferenceCases: Readonly<Record<string, OperationCase>> = {
  getNoticeMail: {
    ok: () => ({ path: '/account/notice-mail' }),
    answers: () => ({ mail: 'digest' }),
    refused: () => unknownQuery('/account/notice-mail'),
  },
  changeNoticeMail: {
    ok: () => ({ method: 'PUT', path: '/account/notice-mail', body: { mail: 'none' } }),
    answers: () => ({ mail: 'none' }),
    refused: () => ({ method: 'PUT', path: '/account/notice-mail', body: { mail: 'never' }, code: 'invalid_body' }),
  },
  getCalendarFeed: {
    // It was created before.
    ok: () => ({ path: '/account/calendar' }),
    answers: () => ({ lastReadAt: null }),
    refused: () => absent('GET', '/account/calendar'),
  },
  createCalendarFeed: {
    ok: () => ({ method: 'POST', path: '/account/calendar' }),
    refused: () => ({ method: 'POST', path: '/account/calendar', body: {}, code: 'malformed_body' }),
  },
  endCalendarFeed: {
    ok: () => ({ method: 'DELETE', path: '/account/calendar' }),
    refused: () => absent('DELETE', '/account/calendar'),
  },
  getKeyInTyk: {
    ok: (scene) => ({ path: keyPath(scene, '/tyk') }),
    answers: () => ({ state: 'present', heldBack: null, problem: null }),
    refused: ({ applicationId }) => absent('GET', `/applications/${applicationId}/keys/${ABSENT_KEY}/tyk`),
  },
  getKeyChoices: {
    ok: ({ applicationId }) => ({ path: `/applications/${applicationId}/key-choices` }),
    refused: () => absent('GET', `/applications/${ABSENT_APPLICATION}/key-choices`),
  },
  previewAllowlist: {
    ok: (scene) => ({
      method: 'POST',
      path: keyPath(scene, '/allowlist/preview'),
      body: { allowlist: [{ cidr: '203.0.113.9/24', note: 'Office' }], address: '203.0.113.200' },
    }),
    answers: () => ({
      allowlist: [{ cidr: '203.0.113.0/24', note: 'Office' }],
      addresses: [],
      tested: { address: '203.0.113.200', isAllowed: true, entry: { cidr: '203.0.113.0/24' } },
    }),
    refused: (scene) => ({
      method: 'POST',
      path: keyPath(scene, '/allowlist/preview'),
      body: { allowlist: [], address: 'everywhere' },
      code: 'invalid_body',
    }),
  },
};
