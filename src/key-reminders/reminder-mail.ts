import type { Mail } from '../platform/mailer.ts';
import type { OutboxPayloads } from '../database/outbox.ts';
import { type ApiKey, DAY_MS, keyStateAt } from '../keys/api-key.ts';
import { type KeyMailDeps, dateText, keyMail } from '../keys/key-mail.ts';
import type { KeyOfTeam } from '../keys/key-store.ts';

/** Reminds of a key that ends or is to be rotated; null when that is no longer so. */
export async function reminderMail(
  deps: KeyMailDeps,
  payload: OutboxPayloads['mail.key_reminder'],
): Promise<Mail | null> {
  const nowMs = deps.clock.nowMs();
  const { event, dueAtMs } = payload;
  return keyMail(deps, payload, (about, pageUrl) => {
    if (!isWanted(about.key, event, dueAtMs, nowMs)) return null;
    const days = Math.max(0, Math.ceil((dueAtMs - nowMs) / DAY_MS));
    return event === 'expiry' ? expiryMail(about, pageUrl, dueAtMs, days) : rotationMail(about, pageUrl, dueAtMs, days);
  });
}

function isWanted(key: ApiKey, event: 'expiry' | 'rotation', dueAtMs: number, nowMs: number): boolean {
  if (key.replaced) return false;
  const state = keyStateAt(key, nowMs);
  return state === 'active' || (event === 'expiry' && state === 'expired' && key.expiresAtMs === dueAtMs);
}

function expiryMail(
  { key, applicationName }: KeyOfTeam,
  pageUrl: string,
  dueAtMs: number,
  days: number,
): Omit<Mail, 'to'> {
  const when = dateText(dueAtMs);
  if (days === 0) {
    return {
      subject: `The API key ${key.name} has expired`,
      text: `Hello,

the API key "${key.name}" of ${applicationName} expired on ${when}.
Calls with it are refused. If it is still needed, issue a new key and use that:

${pageUrl}
`,
    };
  }
  return {
    subject: `The API key ${key.name} expires ${inDays(days)}`,
    text: `Hello,

the API key "${key.name}" of ${applicationName} expires on ${when}.
From then on calls with it are refused.

Rotate it on its page: you get a new key, and both work until the old one ends.

${pageUrl}

If the key is not needed any more, there is nothing to do.
`,
  };
}

function rotationMail(
  { key, applicationName }: KeyOfTeam,
  pageUrl: string,
  dueAtMs: number,
  days: number,
): Omit<Mail, 'to'> {
  const isDue = days === 0 ? 'was due' : 'is due';
  return {
    subject: `Rotate the API key ${key.name}${days === 0 ? ': it is due' : ` ${inDays(days)}`}`,
    text: `Hello,

the API key "${key.name}" of ${applicationName} is rotated on a schedule,
and its next rotation ${isDue} on ${dateText(dueAtMs)}.

Rotate it on its page: you get a new key, and both work for as long as you choose.
The key goes on working until then.

${pageUrl}
`,
  };
}

function inDays(days: number): string {
  return days === 1 ? 'within a day' : `in ${days} days`;
}
