import type { Mail } from '../platform/mailer.ts';
import type { OutboxPayloads } from '../database/outbox.ts';
import { keyStateAt } from '../keys/api-key.ts';
import { type KeyMailDeps, dateText, keyMail } from '../keys/key-mail.ts';

/** Tells a team that one of its keys is not used, or was suspended for that; null when that is no longer so. */
export async function dormancyMail(
  deps: KeyMailDeps,
  payload: OutboxPayloads['mail.key_dormant'],
): Promise<Mail | null> {
  const nowMs = deps.clock.nowMs();
  const { lastCalledAtMs, suspendAtMs } = payload;
  const since = lastCalledAtMs === null ? 'was never called' : `was last called on ${dateText(lastCalledAtMs)}`;
  return keyMail(deps, payload, ({ key, applicationName }, pageUrl) => {
    const state = keyStateAt(key, nowMs);
    const about = `the API key "${key.name}" of ${applicationName} ${since}.`;
    if (state === 'suspended' && key.suspendCause === 'dormancy') {
      return {
        subject: `The API key ${key.name} was suspended: nobody uses it`,
        text: `Hello,

${about}
It was suspended as its plan says: calls with it are refused. Nothing is lost. If you still need it,
resume it on its page and it works again at once; if not, revoke it:

${pageUrl}
`,
      };
    }
    if (state !== 'active') return null;
    return {
      subject: `The API key ${key.name} is not used`,
      text: `Hello,

${about}
A key that nobody needs can only be lost. Revoke it if it is one:

${pageUrl}

${suspendAtMs === null ? 'If you keep it, there is nothing to do.' : `If it is not called by then, it is suspended on ${dateText(suspendAtMs)}. You can resume it on its page.`}
`,
    };
  });
}
