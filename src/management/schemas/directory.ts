import { z } from 'zod';

import {
  type AccountLine,
  type ApplicationLine,
  DIRECTORY_LINES,
  SEARCH_MAX_LENGTH,
  type TeamLine,
} from '../../teams/suspension.ts';
import { answerSchema, maybeTime, maybeTimeText, time, timeText } from './registry.ts';

export const directoryQuery = z.strictObject({
  search: z
    .string()
    .max(SEARCH_MAX_LENGTH, `search must have ${SEARCH_MAX_LENGTH} characters at most.`)
    .default('')
    .meta({ description: 'Part of a name or an address, or an id.', examples: ['tea'] }),
  suspended: z
    .enum(['only'], 'suspended must be "only", or absent.')
    .optional()
    .meta({ description: 'Only those that are suspended.' }),
});

const hasMore = z.boolean().meta({ description: `More than ${DIRECTORY_LINES} were found: search more exactly.` });
const suspendedAt = maybeTime().meta({ description: 'Set while it is suspended.' });

export const accountLineSchema = z.object({
  id: z.string(),
  email: z.string(),
  role: z.enum(['developer', 'owner']),
  emailVerified: z.boolean(),
  createdAt: time(),
  suspendedAt,
});

export const accountDirectorySchema = answerSchema(
  'AccountDirectory',
  z.object({
    accounts: z.array(accountLineSchema).meta({ description: 'Newest first.' }),
    hasMore,
  }),
);

export const teamDirectorySchema = answerSchema(
  'TeamDirectory',
  z.object({
    teams: z
      .array(
        z.object({
          id: z.string(),
          name: z.string(),
          members: z.int(),
          applications: z.int(),
          createdAt: time(),
          suspendedAt,
        }),
      )
      .meta({ description: 'Newest first.' }),
    hasMore,
  }),
);

export const applicationDirectorySchema = answerSchema(
  'ApplicationDirectory',
  z.object({
    applications: z
      .array(
        z.object({
          id: z.string(),
          name: z.string(),
          teamId: z.string(),
          teamName: z.string(),
          keys: z.int(),
          createdAt: time(),
          suspendedAt,
        }),
      )
      .meta({ description: 'Newest first.' }),
    hasMore,
  }),
);

export function describeAccountLine({ id, email, role, isVerified, createdAtMs, suspended }: AccountLine) {
  return { id, email, role, emailVerified: isVerified, ...times(createdAtMs, suspended) };
}

export function describeTeamLine({ id, name, members, applications, createdAtMs, suspended }: TeamLine) {
  return { id, name, members, applications, ...times(createdAtMs, suspended) };
}

export function describeApplicationLine(line: ApplicationLine) {
  const { id, name, teamId, teamName, keys, createdAtMs, suspended } = line;
  return { id, name, teamId, teamName, keys, ...times(createdAtMs, suspended) };
}

function times(createdAtMs: number, suspended: AccountLine['suspended']) {
  return { createdAt: timeText(createdAtMs), suspendedAt: maybeTimeText(suspended?.atMs ?? null) };
}
