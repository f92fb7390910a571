import type { AccessScope } from '../../access-tokens/access-token.ts';
import type { Portal } from '../../portal/portal.ts';
import type { WebhookAudience } from '../../webhooks/webhook.ts';

/** Webhooks of a team, which hear of what is the team's, or of owners, which hear of all. */
export interface WebhookResource {
  desk: (portal: Portal) => Portal['webhooks'][WebhookAudience];
  path: string;
  tag: string;
  read: AccessScope;
  write: AccessScope;
  listSummary: string;
  whose: string;
  /** The id of an operation, from that of the team's. */
  named: (operationId: string) => string;
}

export const teamWebhooks: WebhookResource = {
  desk: ({ webhooks }) => webhooks.team,
  path: '/webhooks',
  tag: 'Webhooks',
  read: 'webhooks:read',
  write: 'webhooks:write',
  listSummary: 'List the webhooks of your teams',
  whose: 'Of your first team.',
  named: (operationId) => operationId,
};

export const ownerWebhooks: WebhookResource = {
  desk: ({ webhooks }) => webhooks.owner,
  path: '/owner/webhooks',
  tag: 'Owners',
  read: 'owner:read',
  write: 'owner:write',
  listSummary: 'List the webhooks of the portal',
  whose: 'It hears of what happens to all teams.',
  named: (operationId) => operationId.replace(/Webhook|Deliver|Event/, 'Owner$&'),
};
