import { absent, answer } from '../answers.ts';
import { defineOperation } from '../operation.ts';
import { describeAccountLine } from '../schemas/directory.ts';
import { ownerInvitationParams, ownerListSchema } from '../schemas/owners.ts';
import { noParams, noQuery } from '../schemas/registry.ts';
import { describeInvitation } from '../schemas/teams.ts';

/**
 * Who the owners are, and whom they wait for. Inviting and removing owners stay with people on their pages: whoever has
 * stolen a token must neither let themselves in for good nor lock an owner out.
 */
const listOwners = defineOperation({
  operationId: 'listOwners',
  method: 'GET',
  path: '/owner/owners',
  tag: 'Owners',
  summary: 'List the owners',
  description:
    'With the invitations that wait for an answer. To become an owner or to remove one takes a person who is signed in.',
  access: 'owner:read',
  params: noParams,
  query: noQuery,
  body: null,
  success: { status: 200, description: 'The owners and the invited.', schema: ownerListSchema },
  refusals: [],
  async handler({ portal, caller }) {
    const { actor } = caller();
    const owners = await portal.directory.owners(actor);
    const invitations = await portal.directory.ownerInvitations(actor);
    return answer({ owners: owners.map(describeAccountLine), invitations: invitations.map(describeInvitation) });
  },
});

const withdrawOwnerInvitation = defineOperation({
  operationId: 'withdrawOwnerInvitation',
  method: 'DELETE',
  path: '/owner/invitations/{invitationId}',
  tag: 'Owners',
  summary: 'Withdraw the invitation of an owner',
  access: 'owner:write',
  params: ownerInvitationParams,
  query: noQuery,
  body: null,
  success: { status: 204, description: 'Its link works no more.', schema: null },
  refusals: ['not_found'],
  async handler({ portal, caller, params }) {
    const result = await portal.directory.withdrawOwnerInvitation(caller().actor, params.invitationId);
    return result.ok ? { status: 204 } : absent('invitation');
  },
});

export const ownersOperations = [listOwners, withdrawOwnerInvitation];
