import type { AccountStore } from '../accounts/account-store.ts';
import type { Mail } from '../platform/mailer.ts';
import type { OutboxPayloads } from '../database/outbox.ts';
import { utcText } from '../platform/utc-text.ts';

/** Tells whoever owns the mailbox that there is another way into the account, or one less. */
export async function identityChangedMail(
  deps: { accounts: Pick<AccountStore, 'find'>; publicUrl: string },
  { accountId, provider, label, event, address, atMs }: OutboxPayloads['mail.identity_changed'],
): Promise<Mail | null> {
  const account = await deps.accounts.find(accountId);
  if (!account) return null;
  const isLinked = event === 'linked';
  const now = isLinked ? 'opens your account' : 'no longer opens your account';
  return {
    to: account.email,
    subject: isLinked ? 'Another way to sign in was connected' : 'A way to sign in was disconnected',
    text: `Hello,

${label} at ${provider} ${now} at ${deps.publicUrl}.
It was changed on ${utcText(atMs)}, from the address ${address}.${isLinked ? '' : ' All other sessions were ended.'}

If it was not you, disconnect what you do not know, and choose a new password:

${deps.publicUrl}/account/identities
${deps.publicUrl}/password-reset
`,
  };
}
