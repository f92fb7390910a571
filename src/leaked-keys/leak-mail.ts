import type { Mail } from '../platform/mailer.ts';
import type { OutboxPayloads } from '../database/outbox.ts';
import { keyStateAt } from '../keys/api-key.ts';
import { type KeyMailDeps, keyMail } from '../keys/key-mail.ts';
import { QUERY_PLACE } from './leaked-key.ts';

/** Tells a team that one of its keys was found by others, what was done, and what to do now. */
export async function leakMail(deps: KeyMailDeps, payload: OutboxPayloads['mail.key_leaked']): Promise<Mail | null> {
  const { action, place } = payload;
  if (action === 'flagged') return exposureMail(deps, payload);
  const how =
    place === ''
      ? 'Somebody who holds it reported it to us.'
      : place === QUERY_PLACE
        ? 'It was sent in the URL of a call, and URLs are written to logs and histories.'
        : `A secret scan found it in ${place}.`;
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

/** The key goes on working: only its team can replace it without an outage. */
function exposureMail(deps: KeyMailDeps, payload: OutboxPayloads['mail.key_leaked']): Promise<Mail | null> {
  return keyMail(deps, payload, ({ key, applicationName }, pageUrl) => {
    if (keyStateAt(key, deps.clock.nowMs()) !== 'active') return null;
    return {
      subject: `The API key ${key.name} was sent in a URL: rotate it`,
      text: `Hello,

the API key "${key.name}" of ${applicationName} stood in the URL of a call. Such calls are refused,
but URLs are written to logs and histories, so the key must be regarded as known to others. It still works.

What to do:

1. Send the key in a header: Authorization: Bearer <key>
2. Rotate it on its page, use the new one, and end the old one soon:
   ${pageUrl}
`,
    };
  });
}
