import { type Work, isGiven } from './command.ts';
import type { Report } from './outcome.ts';
import type { WebhookRecord } from './records.ts';
import { facts } from './table.ts';

export const ofPortal = ['--of-portal', 'those of the portal instead of those of your teams; for owners'] as const;

/** Below `/api/v1`. */
export function webhooksPath(work: Pick<Work, 'options'>, id?: string): string {
  const base = isGiven(work as Work, 'ofPortal') ? '/owner/webhooks' : '/webhooks';
  return id === undefined ? base : `${base}/${encodeURIComponent(id)}`;
}

export function shownWebhook(webhook: WebhookRecord): Report {
  const { id, url, description, eventTypes, isOn, failingSince } = webhook;
  const state = isOn ? (failingSince === null ? 'on' : 'on, but what is sent there fails') : 'off';
  const text = facts([
    ['Id', id],
    ['URL', url],
    ['Description', description],
    ['Events', eventTypes.length === 0 ? 'all' : eventTypes.join(', ')],
    ['State', state],
  ]);
  return { data: webhook, text };
}
