import type { Mail } from '../platform/mailer.ts';
import type { OutboxPayloads } from '../database/outbox.ts';
import { utcText } from '../platform/utc-text.ts';
import { normalizeEmail } from '../accounts/account.ts';
import type { EmailChangeStore } from './email-change-store.ts';
import { LINK_LIFE, type LinkMailDeps, newMailedLink } from './mailed-link.ts';

/** Goes to the new address. null when the change is not wanted any more, or the address has an account already. */
export async function confirmNewEmailMail(
  deps: LinkMailDeps & { emailChanges: EmailChangeStore },
  { accountId }: OutboxPayloads['mail.confirm_new_email'],
): Promise<Mail | null> {
  const change = await deps.emailChanges.find(accountId);
  const account = await deps.accounts.find(accountId);
  if (!change || account?.suspendedAtMs !== null) return null;
  const { email } = change;
  if (await deps.accounts.findForSignIn(normalizeEmail(email))) return takenMail(deps, email);
  const link = await newMailedLink(deps, '/account/email/confirm', { purpose: 'change_email', accountId, email });
  return {
    to: email,
    subject: 'Confirm your new e-mail address',
    text: `Hello,

someone wants to use this e-mail address for their account at
${deps.publicUrl}. If it was you, open this link while you are signed in:

${link}

The link works once, for ${LINK_LIFE}. If it was not you, do nothing: nothing is changed without it.
`,
  };
}

/** Only the mailbox learns that there is an account. */
function takenMail({ publicUrl }: LinkMailDeps, to: string): Mail {
  return {
    to,
    subject: 'This address has an account already',
    text: `Hello,

someone wants to use this e-mail address for their account at
${publicUrl}. It has an account of its own already, so nothing was changed.

If it was you, sign in with this address, or choose another one for the other account.
If it was not you, there is nothing to do.
`,
  };
}

/** Goes to the present address, so that nobody takes an account away unnoticed. */
export async function emailChangeRequestedMail(
  deps: Pick<LinkMailDeps, 'accounts' | 'publicUrl'>,
  { accountId, address, atMs }: OutboxPayloads['mail.email_change_requested'],
): Promise<Mail | null> {
  const account = await deps.accounts.find(accountId);
  if (!account) return null;
  return {
    to: account.email,
    subject: 'Another e-mail address was asked for',
    text: `Hello,

on ${utcText(atMs)}, from the address ${address},
someone who knows your password asked to use another e-mail address for your
account at ${deps.publicUrl}. Nothing changes until that address is confirmed.

If it was not you, choose a new password at once; that ends the change too:

${deps.publicUrl}/password-reset
`,
  };
}

/** Goes to the former and to the new address. */
export function emailChangedMail(
  { publicUrl }: Pick<LinkMailDeps, 'publicUrl'>,
  { to, address, atMs }: OutboxPayloads['mail.email_changed'],
): Mail {
  return {
    to,
    subject: 'The e-mail address of your account was changed',
    text: `Hello,

the account at ${publicUrl} that used this e-mail address, or asked for it,
has changed its address. It was done on ${utcText(atMs)},
from the address ${address}. Every session was ended.

If it was not you, tell the provider of the portal at once.
`,
  };
}
