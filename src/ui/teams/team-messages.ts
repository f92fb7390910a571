import type { MoveApplicationResult } from '../../applications/application.ts';
import type { TeamRole } from '../../accounts/account.ts';
import type { FieldErrors } from '../../platform/parsed.ts';
import type {
  AnswerInvitationResult,
  ChangeMemberResult,
  DeleteTeamResult,
  InviteResult,
  ResendInvitationResult,
} from '../../teams/team.ts';
import { countText } from '../wording.ts';

type Refusal<Result> = Extract<Result, { ok: false }>;

export const roleTexts: Readonly<Record<TeamRole, string>> = {
  admin: 'Also members, roles, the name of the team, and ending all its keys at once.',
  manager: 'Applications, keys, subscriptions and webhooks.',
  viewer: 'Sees everything that the team has, and changes nothing.',
};

export function inviteRefused(refusal: Refusal<InviteResult>): FieldErrors | null {
  switch (refusal.reason) {
    case 'not_found':
      return null;
    case 'email_not_verified':
      return { '': 'Confirm your own e-mail address first: only then the portal mails others for you.' };
    case 'already_member':
      return { email: 'Whoever has this address is here already.' };
    case 'already_invited':
      return { email: 'This address is invited already. Send that invitation again instead.' };
    case 'too_many_invitations':
      return { '': `${countText(refusal.limit, 'invitation')} wait for an answer. Withdraw one first.` };
    case 'too_many_requests':
      return { '': tooOften(refusal.retryAfterSeconds) };
  }
}

export function resendRefused(refusal: Refusal<ResendInvitationResult>): FieldErrors | null {
  return refusal.reason === 'too_many_requests' ? { '': tooOften(refusal.retryAfterSeconds) } : null;
}

export function memberRefused(refusal: Refusal<ChangeMemberResult>): FieldErrors | null {
  if (refusal.reason !== 'last_admin') return null;
  return { '': 'This is the only admin of the team, and a team always has one. Make somebody else admin first.' };
}

export function deleteRefused(refusal: Refusal<DeleteTeamResult>): FieldErrors | null {
  if (refusal.reason !== 'not_empty') return null;
  const { applications, members } = refusal;
  return {
    '': `The team has ${countText(applications, 'application')} and ${countText(members, 'member')}. Move its applications and remove the others first.`,
  };
}

export function answerRefused(refusal: Refusal<AnswerInvitationResult>): string {
  switch (refusal.reason) {
    case 'invalid_or_expired':
      return 'This invitation was answered or withdrawn, or it has expired. Ask for another one.';
    case 'other_account':
      return 'This invitation is for another e-mail address. Sign in with the account that has it.';
    case 'too_many_teams':
      return `You can be in ${countText(refusal.limit, 'team')}. Leave one first.`;
    case 'too_many_members':
      return `A team can have ${countText(refusal.limit, 'member')}. Ask an admin to make room.`;
  }
}

export function moveRefused(refusal: Refusal<MoveApplicationResult>): FieldErrors | null {
  switch (refusal.reason) {
    case 'not_found':
      return null;
    case 'unknown_team':
      return { team: 'Choose another team in which you manage applications.' };
    case 'too_many_applications':
      return { team: `A team can have ${countText(refusal.limit, 'application')}. Choose another one.` };
  }
}

function tooOften(retryAfterSeconds: number): string {
  const hours = Math.ceil(retryAfterSeconds / 3600);
  return `So many invitations are mailed at once at most. Try again in ${countText(hours, 'hour')}.`;
}
