import type { PortalEvent } from '../platform/portal-event.ts';

/** Whom an event concerns, by name; empty when it concerns no single team. */
export interface EventSubject {
  teamName: string | null;
  applicationName: string | null;
}

/**
 * The message as receivers get it (Standard Webhooks): type, time, and flat data with ids, names, moments as ISO 8601,
 * and a link to where people see it in the portal.
 */
export function eventBody(event: PortalEvent, { teamName, applicationName }: EventSubject, publicUrl: string): string {
  const { type, teamId, applicationId, atMs } = event;
  const facts = Object.entries(event.data).map(([name, value]) => published(name, value));
  const subject = { teamId, teamName, applicationId, applicationName };
  const data = { ...subject, ...Object.fromEntries(facts), url: publicUrl + pathOf(event) };
  return JSON.stringify({ type, timestamp: new Date(atMs).toISOString(), data });
}

/** `expiresAtMs: 1764547200000` is published as `expiresAt: "2025-12-01T00:00:00.000Z"`. */
function published(name: string, value: unknown): [string, unknown] {
  if (!name.endsWith('Ms')) return [name, value];
  return [name.slice(0, -'Ms'.length), typeof value === 'number' ? new Date(value).toISOString() : value];
}

function pathOf({ type, teamId, applicationId, data }: PortalEvent): string {
  const application = applicationId === null ? '/applications' : `/applications/${applicationId}`;
  if ('keyId' in data) return `${application}/keys/${data.keyId}`;
  if (type.startsWith('team.') && teamId !== null) return `/teams/${teamId}`;
  if (type.startsWith('application.') || type.startsWith('subscription.')) return application;
  if (type === 'quota.reached') return `${application}/usage`;
  if ('documentVersion' in data) return `/docs/${data.apiSlug}/${data.version}`;
  if ('policyId' in data) return data.slug === undefined ? '/policies' : `/policies/${data.slug}`;
  if ('slug' in data) return `/notices/${data.slug}`;
  if (type === 'webhook.test') return '/webhooks';
  return '/notices';
}
