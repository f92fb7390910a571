import type { Mail } from '../platform/mailer.ts';
import type { OutboxPayloads } from '../database/outbox.ts';
import { utcText } from '../platform/utc-text.ts';
import { LINK_LIFE, type LinkMailDeps, newMailedLink } from '../email-addresses/mailed-link.ts';

/** null for an address without an account: nobody is mailed who never signed up. */
export async function resetPasswordMail(
  deps: LinkMailDeps,
  { email }: OutboxPayloads['mail.reset_password'],
): Promise<Mail | null> {
  const found = await deps.accounts.findForSignIn(email);
  if (found?.account.suspendedAtMs !== null) return null;
  const { id: accountId, email: to } = found.account;
  const link = await newMailedLink(deps, '/password-reset/choose', { purpose: 'reset_password', accountId, email: to });
  return {
    to,
    subject: 'Choose a new password',
    text: `Hello,

someone asked for a new password for your account at ${deps.publicUrl}.
If it was you, open this link and choose one:

${link}

The link works once, for ${LINK_LIFE}. Your present password works until you choose a new one.

If it was not you, do nothing: nobody gets in without this link.
`,
  };
}

/** Tells whoever owns the mailbox that the password is another one now. */
export async function passwordChangedMail(
  deps: Pick<LinkMailDeps, 'accounts' | 'publicUrl'>,
  { accountId, address, atMs }: OutboxPayloads['mail.password_changed'],
): Promise<Mail | null> {
  const account = await deps.accounts.find(accountId);
  if (!account) return null;
  return {
    to: account.email,
    subject: 'Your password was changed',
    text: `Hello,

the password of your account at ${deps.publicUrl} was changed
on ${utcText(atMs)}, from the address ${address}.
Every session was ended.

If it was not you, choose a new password at once, and look at your API keys:

${deps.publicUrl}/password-reset
`,
  };
}

/** Tells that signing in takes a code from now on, or no longer does. */
export async function secondFactorChangedMail(
  deps: Pick<LinkMailDeps, 'accounts' | 'publicUrl'>,
  { accountId, isOn, address, atMs }: OutboxPayloads['mail.second_factor_changed'],
): Promise<Mail | null> {
  const account = await deps.accounts.find(accountId);
  if (!account) return null;
  const now = isOn ? 'takes a second step after the password from now on' : 'takes the password alone from now on';
  return {
    to: account.email,
    subject: isOn ? 'Two-step sign-in was turned on' : 'Two-step sign-in was turned off',
    text: `Hello,

signing in to your account at ${deps.publicUrl}
${now}. It was changed on ${utcText(atMs)},
from the address ${address}. Every session was ended.

If it was not you, choose a new password at once:

${deps.publicUrl}/password-reset
`,
  };
}
