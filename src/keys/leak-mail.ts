import type { Mail } from '../platform/mailer.ts';
import type { OutboxPayloads } from '../platform/outbox.ts';
import { type KeyMailDeps, keyMail } from './key-mail.ts';

/** Tells a team that one of its keys was found by others, what was done, and what to do now. */
export async function leakMail(deps: KeyMailDeps, payload: OutboxPayloads['mail.key_leaked']): Promise<Mail | null> {
  const { action, place } = payload;
  const how = place === '' ? 'Somebody who holds it reported it to us.' : `A secret scan found it in ${place}.`;
  return keyMail(deps, payload, ({ key, applicationName }, pageUrl) => ({
    subject: `The API key ${key.name} has leaked and was ${action}`,
    text: `Hello,

the API key "${key.name}" of ${applicationName} is known to others.
${how}
It was ${action}: calls with it are refused from now on.

What to do:

1. Issue a new key and put it where the old one was used.
2. Look at the page of the old key for calls that were not yours:
   ${pageUrl}
3. Remove the old key from the place where it was found, and find out how it got there.
`,
  }));
}
