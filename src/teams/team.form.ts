import { z } from 'zod';

import { emailField, tokenField } from '../accounts/account-fields.form.ts';
import type { TeamRole } from '../accounts/account.ts';
import { nameField, textField } from '../applications/text.form.ts';
import type { Parsed } from '../platform/parsed.ts';
import { parseStrictForm } from '../platform/strict-form.ts';
import type { InvitationProof } from './answer-invitation.ts';
import { TEAM_ID_MAX_LENGTH } from './role.ts';
import { TEAM_NAME_MAX_LENGTH, teamRoles } from './team.ts';

export const SUSPEND_TEXT_MAX_LENGTH = 1000;

const roleField = z.enum(teamRoles, 'Choose a role.');
const idField = (message: string) => z.string(message).min(1, message).max(TEAM_ID_MAX_LENGTH, message);

/** Field: `name`, of a new team or of one that is renamed. */
export function parseTeamNameForm(form: FormData): Parsed<{ name: string }> {
  return parseStrictForm(form, z.strictObject({ name: nameField(TEAM_NAME_MAX_LENGTH) }));
}

/** Fields: `email`, `role`. */
export function parseInviteForm(form: FormData): Parsed<{ email: string; role: TeamRole }> {
  return parseStrictForm(form, z.strictObject({ email: emailField, role: roleField }));
}

/** Field: `email`, of who is to become an owner. */
export function parseInviteOwnerForm(form: FormData): Parsed<{ email: string }> {
  return parseStrictForm(form, z.strictObject({ email: emailField }));
}

/** Field: `role`. */
export function parseRoleForm(form: FormData): Parsed<{ role: TeamRole }> {
  return parseStrictForm(form, z.strictObject({ role: roleField }));
}

/** Fields: `token` of the link, or `invitationId`; `answer` (`accept` or `decline`). */
export function parseAnswerInvitationForm(form: FormData): Parsed<{ proof: InvitationProof; isAccepted: boolean }> {
  const answer = z.enum(['accept', 'decline'], 'Accept or decline.');
  const schema = form.has('token')
    ? z
        .strictObject({ token: tokenField, answer })
        .transform((given) => ({ proof: { token: given.token }, isAccepted: given.answer === 'accept' }))
    : z
        .strictObject({ invitationId: idField('This invitation cannot be read. Open the link again.'), answer })
        .transform((given) => ({
          proof: { invitationId: given.invitationId },
          isAccepted: given.answer === 'accept',
        }));
  return parseStrictForm<{ proof: InvitationProof; isAccepted: boolean }>(form, schema);
}

/** Field: `team`, where an application moves to. */
export function parseMoveApplicationForm(form: FormData): Parsed<{ teamId: string }> {
  const schema = z.strictObject({ team: idField('Choose a team.') }).transform(({ team }) => ({ teamId: team }));
  return parseStrictForm(form, schema);
}

/** Field: `message`, for suspending and for resuming. */
export function parseSuspensionForm(form: FormData): Parsed<{ message: string }> {
  const message = textField(SUSPEND_TEXT_MAX_LENGTH).refine(
    (text) => text !== '',
    'Say why, and what to do. It is mailed to whom it concerns.',
  );
  return parseStrictForm(form, z.strictObject({ message }));
}
