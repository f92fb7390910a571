import type { Mail } from '../platform/mailer.ts';
import type { OutboxPayloads } from '../database/outbox.ts';
import { type KeyMailDeps, keyMail } from '../keys/key-mail.ts';

/** Tells a team that a key was withdrawn because its token seems to have been lost, and what became of the old one. */
export async function withdrawalMail(
  deps: KeyMailDeps,
  payload: OutboxPayloads['mail.key_withdrawn'],
): Promise<Mail | null> {
  return keyMail(deps, payload, ({ key, applicationName }, pageUrl) => ({
    subject: `The new API key ${key.name} was withdrawn: nobody confirmed it`,
    text: `Hello,

a new API key "${key.name}" of ${applicationName} was issued, but within 15 minutes nobody said that
the token had arrived, and no call was made with it. So that no unknown token stays valid, it was revoked.

${whatNow(payload.restoredKeyId !== null)}

${pageUrl}
`,
  }));
}

function whatNow(isRestored: boolean): string {
  return isRestored
    ? `The rotation was undone: the old key works as it did before, and ends when it would have without it.
If you meant to rotate it, do so again and confirm the new token.`
    : 'If you still need a key, issue another one and confirm it, or just use it.';
}
