import { expect } from 'vitest';

import type { Desk } from './desk.ts';
import { ABSENT_APPLICATION, type OperationCase, type Scene, absent } from './operation-case.ts';

const ABSENT = `srq_${'0'.repeat(20)}`;
const unknown = (path: string) => ({ path: `${path}?suspended=no`, code: 'invalid_parameter' });

/** What owners search, and requests for plans about which they decide. */
export const directoryCases: Readonly<Record<string, OperationCase>> = {
  listAllAccounts: {
    by: 'olga',
    ok: ({ nora }) => ({ path: `/owner/accounts?search=${nora.accountId}` }),
    answers: ({ nora }) => ({
      accounts: [{ id: nora.accountId, email: nora.email, suspendedAt: null }],
      hasMore: false,
    }),
    refused: () => unknown('/owner/accounts'),
  },
  listAllTeams: {
    by: 'olga',
    ok: ({ nora }) => ({ path: `/owner/teams?search=${String(nora.teamIds[0])}` }),
    answers: ({ nora }) => ({ teams: [{ id: nora.teamIds[0], applications: 1 }], hasMore: false }),
    refused: () => unknown('/owner/teams'),
  },
  listAllApplications: {
    by: 'olga',
    ok: ({ applicationId }) => ({ path: `/owner/applications?search=${applicationId}` }),
    answers: ({ applicationId, nora }) => ({ applications: [{ id: applicationId, teamId: nora.teamIds[0], keys: 1 }] }),
    refused: () => unknown('/owner/applications'),
  },
  listOwners: {
    by: 'olga',
    ok: () => ({ path: '/owner/owners' }),
    answers: ({ olga, ownerInvitationId }) => ({
      owners: expect.arrayContaining([expect.objectContaining({ id: olga.accountId, role: 'owner' })]) as unknown,
      invitations: [{ id: ownerInvitationId, role: 'owner', invitedBy: olga.email }],
    }),
    refused: () => ({ path: '/owner/owners?x=1', code: 'invalid_parameter' }),
  },
  withdrawOwnerInvitation: {
    by: 'olga',
    ok: ({ ownerInvitationId }) => ({ method: 'DELETE', path: `/owner/invitations/${ownerInvitationId}` }),
    refused: () => absent('DELETE', '/owner/invitations/inv_0'),
  },
  listSubscriptionRequests: {
    by: 'olga',
    ok: () => ({ path: '/owner/requests' }),
    answers: (scene) => ({ requests: [{ id: requestIdOf(scene), applicationId: scene.applicationId }] }),
    refused: () => ({ path: '/owner/requests?limit=1', code: 'invalid_parameter' }),
  },
  decideSubscriptionRequest: {
    by: 'olga',
    ok: (scene) => ({
      method: 'PUT',
      path: `/owner/requests/${requestIdOf(scene)}/decision`,
      body: { isApproved: false, message: 'Take the free plan first.' },
    }),
    refused: (scene) => ({
      method: 'PUT',
      path: `/owner/requests/${requestIdOf(scene)}/decision`,
      body: { isApproved: false },
      code: 'invalid_body',
    }),
  },
  withdrawSubscriptionRequest: {
    ok: (scene) => ({ method: 'DELETE', path: `/applications/${scene.applicationId}/requests/${requestIdOf(scene)}` }),
    refused: () => absent('DELETE', `/applications/${ABSENT_APPLICATION}/requests/${ABSENT}`),
  },
};

/** The one request of a scene's application, for a plan that no document offers. */
export function requestIdOf({ applicationId }: Pick<Scene, 'applicationId'>): string {
  return `srq_${applicationId.slice(4)}`;
}

/** The request of this scene, and of no other: owners see all of them. */
export async function addRequest({ kysely }: Desk, { applicationId }: Scene): Promise<void> {
  await kysely.deleteFrom('subscription_request').execute();
  const wanted = { application_id: applicationId, api_slug: 'parcels', plan_slug: 'pro', created_at_ms: 1 };
  const waiting = { id: requestIdOf({ applicationId }), decided_at_ms: null, decision: null };
  await kysely
    .insertInto('subscription_request')
    .values({ ...wanted, ...waiting })
    .execute();
}
