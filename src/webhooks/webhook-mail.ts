import type { AccountStore } from '../accounts/account-store.ts';
import type { Mail } from '../platform/mailer.ts';
import type { OutboxPayloads } from '../database/outbox.ts';
import { utcText } from '../platform/utc-text.ts';
import type { WebhookEndpoint } from './webhook.ts';
import type { WebhookEndpointStore } from './webhook-endpoint-store.ts';

export interface WebhookMailDeps {
  accounts: Pick<AccountStore, 'find' | 'teamsOf'>;
  endpoints: Pick<WebhookEndpointStore, 'find'>;
  publicUrl: string;
}

/** Tells that an endpoint was turned off, and why. null when it is on again, was removed, or is not theirs any more. */
export async function webhookOffMail(
  { accounts, endpoints, publicUrl }: WebhookMailDeps,
  { accountId, endpointId }: OutboxPayloads['mail.webhook_off'],
): Promise<Mail | null> {
  const account = await accounts.find(accountId);
  if (!account) return null;
  const teamIds = (await accounts.teamsOf(accountId)).map(({ id }) => id);
  const ofTeam = await endpoints.find({ kind: 'teams', teamIds }, endpointId);
  const ofOwner = account.role === 'owner' ? await endpoints.find({ kind: 'owner' }, endpointId) : null;
  const endpoint = ofTeam ?? ofOwner;
  if (!endpoint?.off) return null;
  const page = `${publicUrl}${endpoint.teamId === null ? '/owner' : ''}/webhooks/${endpointId}`;
  return { to: account.email, subject: 'A webhook was turned off', text: textOf(endpoint, endpoint.off, page) };
}

function textOf(endpoint: WebhookEndpoint, off: NonNullable<WebhookEndpoint['off']>, page: string): string {
  const why =
    off.reason === 'gone'
      ? 'it answered 410 (Gone), which asks us to stop'
      : 'nothing that was sent to it has been accepted for three days';
  return `Hello,

on ${utcText(off.atMs)} we turned off the webhook
${endpoint.url}
because ${why}.

Nothing is queued for it until it is turned on again. What waited for it is in its
log, and can be delivered from there:

${page}
`;
}
