import { z } from 'zod';

import { accountLineSchema } from './directory.ts';
import { answerSchema } from './registry.ts';
import { invitationParams, invitationSchema } from './teams.ts';

export const ownerInvitationParams = invitationParams.pick({ invitationId: true });

export const ownerListSchema = answerSchema(
  'OwnerList',
  z.object({
    owners: z.array(accountLineSchema),
    invitations: z.array(invitationSchema).meta({ description: 'Those that wait for an answer, oldest first.' }),
  }),
);
