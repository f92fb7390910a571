import type { ApplicationStore } from '../applications/application-store.ts';
import type { Mail } from '../platform/mailer.ts';
import type { OutboxPayloads } from '../database/outbox.ts';
import { type KeyMailDeps, memberAddress } from '../keys/key-mail.ts';

export interface RevocationMailDeps extends Pick<KeyMailDeps, 'accounts' | 'publicUrl'> {
  applications: Pick<ApplicationStore, 'findById'>;
}

/** Tells the rest of a team that all keys of an application, or all of the team, were revoked. */
export async function keysRevokedMail(
  deps: RevocationMailDeps,
  { accountId, teamId, applicationId, keys, reason }: OutboxPayloads['mail.keys_revoked'],
): Promise<Mail | null> {
  const to = await memberAddress(deps, accountId, teamId);
  if (to === null) return null;
  const application = applicationId === null ? null : await deps.applications.findById(applicationId);
  const whose = application ? `of ${application.name}` : 'of your team';
  const page = application ? `/applications/${application.id}` : '/applications';
  return {
    to,
    subject: `All API keys ${whose} were revoked`,
    text: `Hello,

all API keys ${whose} were revoked: ${keys === 1 ? '1 key' : `${keys} keys`}.
Calls with them are refused from now on, and they cannot be brought back. The reason given:

> ${reason}

Issue new keys where they are needed:

${deps.publicUrl}${page}
`,
  };
}
