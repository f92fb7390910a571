import type { AccountStore } from '../accounts/account-store.ts';
import type { Mail } from '../platform/mailer.ts';
import type { OutboxPayloads } from '../database/outbox.ts';
import { utcText } from '../platform/utc-text.ts';

type Payload = OutboxPayloads['mail.passkey_changed'];

const subjects: Record<Payload['event'], string> = {
  added: 'A passkey was added to your account',
  removed: 'A passkey was removed from your account',
  copied: 'A passkey of yours was refused, because it may have been copied',
};

/** Tells whoever owns the mailbox that there is another way into the account, or one less. */
export async function passkeyChangedMail(
  deps: { accounts: Pick<AccountStore, 'find'>; publicUrl: string },
  { accountId, name, event, address, atMs }: Payload,
): Promise<Mail | null> {
  const account = await deps.accounts.find(accountId);
  if (!account) return null;
  const when = `on ${utcText(atMs)}, from the address ${address}`;
  return {
    to: account.email,
    subject: subjects[event],
    text: `Hello,

${whatHappened(event, name, deps.publicUrl, when)}

If it was not you, remove the passkeys that you do not know, and choose a new password:

${deps.publicUrl}/account/passkeys
${deps.publicUrl}/password-reset
`,
  };
}

function whatHappened(event: Payload['event'], name: string, publicUrl: string, when: string): string {
  switch (event) {
    case 'added':
      return `the passkey ${name} was added to your account at ${publicUrl}
${when}. It signs in without the password.`;
    case 'removed':
      return `the passkey ${name} was removed from your account at ${publicUrl}
${when}. It signs in no more, and all other sessions were ended.`;
    case 'copied':
      return `somebody tried to sign in to your account at ${publicUrl}
with the passkey ${name}, ${when}.
It was refused: the passkey has been used elsewhere more often than we have seen, so there may be a copy of it.
Remove it, and add another one.`;
  }
}
