import type { AccountStore } from '../accounts/account-store.ts';
import type { Mail } from '../platform/mailer.ts';
import type { OutboxPayloads } from '../database/outbox.ts';
import { utcText } from '../platform/utc-text.ts';
import { deletionDueAtMs } from './deletion.ts';

/** null when the account is gone by now. */
export async function deletionAskedMail(
  deps: { accounts: AccountStore; publicUrl: string },
  { accountId, askedAtMs }: OutboxPayloads['mail.deletion_asked'],
): Promise<Mail | null> {
  const account = await deps.accounts.find(accountId);
  if (account?.suspendedAtMs !== null) return null;
  return {
    to: account.email,
    subject: 'Your account will be deleted',
    text: `Hello,

the deletion of your account at ${deps.publicUrl} was asked for.
It will be deleted on ${utcText(deletionDueAtMs(askedAtMs))}, with its keys and everything about you.

To keep it, sign in before that: ${deps.publicUrl}/sign-in

If it was not you, sign in now and change your password.
`,
  };
}

export function accountDeletedMail(
  { publicUrl }: { publicUrl: string },
  { to }: OutboxPayloads['mail.account_deleted'],
): Mail {
  return {
    to,
    subject: 'Your account was deleted',
    text: `Hello,

your account at ${publicUrl} was deleted, as it was asked for two weeks ago.
Its keys call nothing any more. This is the last mail to this address.
`,
  };
}
