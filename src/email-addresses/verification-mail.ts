import type { Mail } from '../platform/mailer.ts';
import { LINK_LIFE, type LinkMailDeps, newMailedLink } from './mailed-link.ts';

/** null when there is nothing to verify any more. */
export async function verificationMail(deps: LinkMailDeps, { accountId }: { accountId: string }): Promise<Mail | null> {
  const account = await deps.accounts.find(accountId);
  if (account?.emailVerifiedAtMs !== null) return null;
  const { email } = account;
  const link = await newMailedLink(deps, '/verify-email', { purpose: 'verify_email', accountId, email });
  return {
    to: email,
    subject: 'Verify your e-mail address',
    text: `Hello,

someone signed up for the developer portal at ${deps.publicUrl} with this
e-mail address. If it was you, open this link and sign in with the password
you chose, to confirm that the address is yours:

${link}

The link works once, for ${LINK_LIFE}. If it has ended, sign in and ask for a new one.

If it was not you, do nothing: without your sign-in the address stays unconfirmed.
To use the address yourself, choose a password of your own:

${deps.publicUrl}/password-reset
`,
  };
}

/** Tells the owner of a known address that it was used to sign up; only they learn that the account exists. */
export async function signUpAttemptMail(
  deps: Pick<LinkMailDeps, 'accounts' | 'publicUrl'>,
  { accountId }: { accountId: string },
): Promise<Mail | null> {
  const account = await deps.accounts.find(accountId);
  if (!account) return null;
  return {
    to: account.email,
    subject: 'You already have an account',
    text: `Hello,

someone tried to sign up for the developer portal at ${deps.publicUrl} with
this e-mail address, which has an account already. Nothing was changed.

If it was you, sign in with the password you chose before:

${deps.publicUrl}/sign-in

If you do not know that password, choose a new one:

${deps.publicUrl}/password-reset

If it was not you, there is nothing to do.
`,
  };
}
