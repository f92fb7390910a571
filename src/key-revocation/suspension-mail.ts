import type { Mail } from '../platform/mailer.ts';
import type { OutboxPayloads } from '../database/outbox.ts';
import { type KeyMailDeps, keyMail } from '../keys/key-mail.ts';

/** Tells a team that an owner paused one of its keys, and why. Sent even if it was resumed since: a mail says so too. */
export async function suspendedMail(
  deps: KeyMailDeps,
  payload: OutboxPayloads['mail.key_suspended'],
): Promise<Mail | null> {
  return keyMail(deps, payload, ({ key, applicationName }, pageUrl) => ({
    subject: `The API key ${key.name} was suspended`,
    text: `Hello,

the provider of the API suspended the key "${key.name}" of ${applicationName}.
Calls with it are refused until it is resumed. The provider writes:

${quoted(payload.message)}

${pageUrl}
`,
  }));
}

/** Tells a team that a suspended key works again. */
export async function resumedMail(
  deps: KeyMailDeps,
  payload: OutboxPayloads['mail.key_resumed'],
): Promise<Mail | null> {
  return keyMail(deps, payload, ({ key, applicationName }, pageUrl) => ({
    subject: `The API key ${key.name} works again`,
    text: `Hello,

the provider of the API resumed the key "${key.name}" of ${applicationName}.
Calls with it are answered again. The provider writes:

${quoted(payload.message)}

${pageUrl}
`,
  }));
}

function quoted(message: string): string {
  return message
    .split('\n')
    .map((line) => `> ${line}`)
    .join('\n');
}
