import type { Account, OwnTeam } from '../accounts/account.ts';
import { newToken } from '../email-addresses/one-time-token.ts';
import type { Clock } from '../platform/clock.ts';
import type { Mail } from '../platform/mailer.ts';
import type { OutboxPayloads } from '../database/outbox.ts';
import type { Random } from '../platform/random.ts';
import { utcText } from '../platform/utc-text.ts';
import type { InvitationStore } from './invitation-store.ts';
import { hashInvitationToken } from './invitation-token.ts';

export interface TeamMailDeps {
  accounts: {
    find(accountId: string): Promise<Account | null>;
    teamsOf(accountId: string): Promise<readonly OwnTeam[]>;
  };
  invitations: Pick<InvitationStore, 'findOpen' | 'replaceToken'>;
  /** null when it is gone. */
  teamName(teamId: string): Promise<string | null>;
  clock: Clock;
  random: Random;
  sessionSecret: Uint8Array;
  publicUrl: string;
}

/**
 * The invitation with its link, which is made now, so that no queue holds it. It says the same whether the address has
 * an account or not. What people can write into it, names and addresses, is on one line each and no link of theirs.
 */
export async function invitationMail(
  deps: TeamMailDeps,
  { invitationId }: OutboxPayloads['mail.invitation'],
): Promise<Mail | null> {
  const nowMs = deps.clock.nowMs();
  const offer = await deps.invitations.findOpen(invitationId, nowMs);
  if (!offer) return null;
  const token = newToken(deps.random);
  const isNoted = await deps.invitations.replaceToken(
    invitationId,
    hashInvitationToken(deps.sessionSecret, token),
    nowMs,
  );
  if (!isNoted) return null;
  const what = offer.teamName === null ? 'become an owner' : `join the team "${offer.teamName}" as ${offer.role}`;
  return {
    to: offer.email,
    subject: offer.teamName === null ? 'Invitation to become an owner' : 'Invitation to a team',
    text: `Hello,

${offer.invitedBy} invites you to ${what}
on the developer portal at ${deps.publicUrl}.

To accept or decline, open this link and sign in, or sign up, with this
e-mail address:

${deps.publicUrl}/teams/invitation?token=${token}

The link works once, until ${utcText(offer.expiresAtMs)}. Do not pass it on: it works for your address only.

If you do not know who that is, do nothing: without your answer nothing happens.
`,
  };
}

/** Tells admins, or owners, who came in. */
export async function memberJoinedMail(
  deps: TeamMailDeps,
  { accountId, teamId, memberEmail, role }: OutboxPayloads['mail.member_joined'],
): Promise<Mail | null> {
  const account = await deps.accounts.find(accountId);
  if (account?.suspendedAtMs !== null) return null;
  if (teamId === null) {
    if (account.role !== 'owner') return null;
    return mail(account, `${memberEmail} is an owner now`, [
      `${memberEmail} has accepted the invitation and is an owner of the developer portal now.`,
      `${deps.publicUrl}/owner/owners`,
    ]);
  }
  const team = (await deps.accounts.teamsOf(accountId)).find(({ id }) => id === teamId);
  if (!team) return null;
  return mail(account, `${memberEmail} joined ${team.name}`, [
    `${memberEmail} has accepted the invitation to the team "${team.name}" and is ${role} in it.`,
    `${deps.publicUrl}/teams/${teamId}`,
  ]);
}

/** Tells a member that somebody else changed what they may do. */
export async function membershipChangedMail(
  deps: TeamMailDeps,
  { accountId, teamId, role }: OutboxPayloads['mail.membership_changed'],
): Promise<Mail | null> {
  const account = await deps.accounts.find(accountId);
  if (account?.suspendedAtMs !== null) return null;
  if (teamId === null) {
    return mail(account, 'You are no owner any more', [
      'Another owner has ended your rights as an owner of the developer portal. Your account and your teams stay.',
      deps.publicUrl,
    ]);
  }
  const name = (await deps.teamName(teamId)) ?? teamId;
  if (role === null) {
    return mail(account, `You are no member of ${name} any more`, [
      `An admin has removed you from the team "${name}". Its applications and keys are not shown to you any more.`,
      `${deps.publicUrl}/teams`,
    ]);
  }
  return mail(account, `You are ${role} of ${name} now`, [
    `An admin has changed your role in the team "${name}": you are ${role} now.`,
    `${deps.publicUrl}/teams/${teamId}`,
  ]);
}

/** Tells whom it concerns that an owner has paused something of theirs, or lets it go on. */
export async function suspensionMail(
  deps: Pick<TeamMailDeps, 'accounts' | 'publicUrl'>,
  { accountId, kind, name, isSuspended, message }: OutboxPayloads['mail.suspension'],
): Promise<Mail | null> {
  const account = await deps.accounts.find(accountId);
  if (!account) return null;
  const what = kind === 'account' ? 'your account' : `the ${kind} "${name}"`;
  const effects = {
    account:
      'You are signed out, your access tokens do not work, and you cannot sign in. Keys of your teams go on working.',
    team: 'Calls with any key of the team are refused until it is resumed.',
    application: 'Calls with any key of the application are refused until it is resumed.',
  };
  const quoted = message
    .split('\n')
    .map((line) => `> ${line}`)
    .join('\n');
  return mail(account, `${isSuspended ? 'Suspended' : 'Resumed'}: ${kind === 'account' ? 'your account' : name}`, [
    `the provider has ${isSuspended ? 'suspended' : 'resumed'} ${what}. ${isSuspended ? effects[kind] : 'It works as before.'} The provider writes:`,
    quoted,
    deps.publicUrl,
  ]);
}

function mail({ email }: Account, subject: string, paragraphs: readonly string[]): Mail {
  return { to: email, subject, text: `Hello,\n\n${paragraphs.join('\n\n')}\n` };
}
