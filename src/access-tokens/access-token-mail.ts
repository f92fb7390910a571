import type { Mail } from '../platform/mailer.ts';
import type { OutboxPayloads } from '../database/outbox.ts';
import { utcText } from '../platform/utc-text.ts';
import type { AccessTokenStore } from './access-token-store.ts';
import type { AccountStore } from '../accounts/account-store.ts';

export interface AccessTokenMailDeps {
  accounts: Pick<AccountStore, 'find'>;
  accessTokens: Pick<AccessTokenStore, 'list'>;
  publicUrl: string;
}

/** Tells whoever owns the mailbox that a program can act for the account from now on. */
export async function accessTokenIssuedMail(
  deps: AccessTokenMailDeps,
  { accountId, tokenId, address, atMs }: OutboxPayloads['mail.access_token_issued'],
): Promise<Mail | null> {
  const account = await deps.accounts.find(accountId);
  const token = (await deps.accessTokens.list(accountId)).find(({ id }) => id === tokenId);
  if (!account || !token) return null;
  return {
    to: account.email,
    subject: `Access token created: ${token.name}`,
    text: `Hello,

the access token ${token.name} was created for your account at ${deps.publicUrl}
on ${utcText(atMs)}, from the address ${address}.

It may do: ${token.scopes.join(', ')}.
It expires on ${utcText(token.expiresAtMs)}.

If it was not you, revoke it at once, and choose a new password:

${deps.publicUrl}/account/tokens
${deps.publicUrl}/password-reset
`,
  };
}

/** Tells the account that a token of it was found where others could read it. */
export async function accessTokenLeakedMail(
  deps: Pick<AccessTokenMailDeps, 'accounts' | 'publicUrl'>,
  { accountId, name, place }: OutboxPayloads['mail.access_token_leaked'],
): Promise<Mail | null> {
  const account = await deps.accounts.find(accountId);
  if (!account) return null;
  const found = place === '' ? 'Somebody who found it reported it to us.' : `It was found here: ${place}`;
  return {
    to: account.email,
    subject: `Access token revoked, because it leaked: ${name}`,
    text: `Hello,

the access token ${name} of your account at ${deps.publicUrl} was read by others.
${found}

It was revoked and works no more. What to do now:

1. Create a new one, and put it where the old one was used: ${deps.publicUrl}/account/tokens
2. Look at what was done with it. Keys that were issued or changed show it in their history: ${deps.publicUrl}/applications
`,
  };
}
