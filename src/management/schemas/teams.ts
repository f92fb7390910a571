import { z } from 'zod';

import { isPlainEmail } from '../../accounts/account.ts';
import { nameField } from '../../applications/text.form.ts';
import { TEAM_ID_MAX_LENGTH } from '../../teams/role.ts';
import { SUSPEND_TEXT_MAX_LENGTH } from '../../teams/team.form.ts';
import {
  type Invitation,
  TEAM_NAME_MAX_LENGTH,
  type TeamMember,
  type TeamSummary,
  type TeamView,
  teamRoles,
} from '../../teams/team.ts';
import { checkedBy, requiredLine } from './parts.ts';
import { answerSchema, bodySchema, maybeTime, maybeTimeText, time, timeText } from './registry.ts';

const teamId = z.string().meta({ description: 'Id of the team.', examples: ['team_2Hf8sKpW5dJm7GxYqB1N'] });
const accountId = z.string().meta({ description: 'Id of the account.', examples: ['acc_4Jt7yHcN2sEv9KqXgU5B'] });
const role = z.enum(teamRoles).meta({ description: 'What the member may do in the team.', examples: ['manager'] });
const email = z.email().meta({ examples: ['vera@consumer.example'] });

export const ownTeamParams = z.strictObject({ teamId });
export const memberParams = z.strictObject({ teamId, accountId });
export const invitationParams = z.strictObject({
  teamId,
  invitationId: z.string().meta({ description: 'Id of the invitation.', examples: ['inv_7Pz2rMbW9xHn4TqLcV6D'] }),
});
export const accountParams = z.strictObject({ accountId });

export const teamSchema = answerSchema(
  'Team',
  z.object({
    id: teamId,
    name: z.string().meta({ examples: ['Tea shop'] }),
    role: role.meta({ description: 'Your role in it.' }),
    members: z.int(),
    applications: z.int(),
    suspendedAt: maybeTime().meta({ description: 'Set while the provider has paused the team.' }),
  }),
);

const memberSchema = z.object({ accountId, email, role, joinedAt: time() });

export const invitationSchema = answerSchema(
  'Invitation',
  z.object({
    id: z.string().meta({ examples: ['inv_7Pz2rMbW9xHn4TqLcV6D'] }),
    email,
    role: z.enum([...teamRoles, 'owner']),
    invitedBy: email,
    createdAt: time(),
    expiresAt: time(),
  }),
);

export const teamListSchema = answerSchema('TeamList', z.object({ teams: z.array(teamSchema) }));

export const teamViewSchema = answerSchema(
  'TeamView',
  z.object({
    team: teamSchema,
    members: z.array(memberSchema),
    invitations: z.array(invitationSchema).meta({ description: 'For admins; empty for everybody else.' }),
  }),
);

export const teamNameBody = bodySchema(
  'TeamName',
  z.strictObject({
    name: z
      .string()
      .min(1)
      .max(TEAM_NAME_MAX_LENGTH)
      .transform(checkedBy(nameField(TEAM_NAME_MAX_LENGTH)))
      .meta({ examples: ['Tea shop'] }),
  }),
);

export const inviteBody = bodySchema(
  'NewInvitation',
  z.strictObject({
    email: z
      .string()
      .refine(isPlainEmail, 'This is not one plain e-mail address.')
      .meta({ examples: ['vera@consumer.example'] }),
    role,
  }),
);

export const memberRoleBody = bodySchema('MemberRole', z.strictObject({ role }));

export const applicationTeamBody = bodySchema(
  'ApplicationTeam',
  z.strictObject({ teamId: z.string().max(TEAM_ID_MAX_LENGTH).meta({ description: 'Where it goes to.' }) }),
);

export const subjectSuspensionBody = bodySchema(
  'SubjectSuspension',
  z.strictObject({
    message: requiredLine(SUSPEND_TEXT_MAX_LENGTH).meta({ description: 'Mailed to whom it concerns.' }),
  }),
);

export function describeTeam({ id, name, role: own, members, applications, suspended }: TeamSummary) {
  return { id, name, role: own, members, applications, suspendedAt: maybeTimeText(suspended?.atMs ?? null) };
}

export function describeTeamView({ team, members, invitations }: TeamView) {
  return {
    team: describeTeam(team),
    members: members.map(describeMember),
    invitations: invitations.map(describeInvitation),
  };
}

function describeMember({ accountId: id, email: address, role: own, joinedAtMs }: TeamMember) {
  return { accountId: id, email: address, role: own, joinedAt: timeText(joinedAtMs) };
}

export function describeInvitation(invitation: Invitation) {
  const { id, email: address, role: wanted, invitedBy, createdAtMs, expiresAtMs } = invitation;
  const times = { createdAt: timeText(createdAtMs), expiresAt: timeText(expiresAtMs) };
  return { id, email: address, role: wanted, invitedBy, ...times };
}
