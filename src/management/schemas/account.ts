import { z } from 'zod';

import { accessScopes } from '../../access-tokens/access-token.ts';
import type { Caller } from '../operation.ts';
import { answerSchema, time, timeText } from './registry.ts';

export const accountSchema = answerSchema(
  'Account',
  z.object({
    id: z.string(),
    email: z.string().meta({ examples: ['nora@consumer.example'] }),
    emailVerified: z.boolean(),
    role: z.enum(['developer', 'owner']),
    teams: z.array(z.object({ id: z.string(), name: z.string() })),
    token: z
      .object({
        id: z.string(),
        name: z.string(),
        scopes: z.array(z.enum(accessScopes)),
        expiresAt: time(),
      })
      .meta({ description: 'The access token of this call.' }),
  }),
);

export function describeAccount({ account, teams, accessToken }: Caller) {
  const { id, email, role, emailVerifiedAtMs } = account;
  const { id: tokenId, name, scopes, expiresAtMs } = accessToken;
  return {
    id,
    email,
    emailVerified: emailVerifiedAtMs !== null,
    role,
    teams: teams.map((team) => ({ id: team.id, name: team.name })),
    token: { id: tokenId, name, scopes, expiresAt: timeText(expiresAtMs) },
  };
}
