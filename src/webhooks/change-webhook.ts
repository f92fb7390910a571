import type { Actor } from '../accounts/account.ts';
import { checkTarget } from './check-target.ts';
import { type WebhookDeps, endpointAudit, scopeOf } from './endpoint-desk.ts';
import type { ChangeWebhookResult, WebhookAudience } from './webhook.ts';
import type { WebhookForm } from './webhook.form.ts';

/** Changes where an endpoint is, what it is called and what it is told of; its secret stays. */
export async function changeWebhook(
  deps: WebhookDeps,
  actor: Actor,
  audience: WebhookAudience,
  { endpointId, ...wanted }: WebhookForm & { endpointId: string },
): Promise<ChangeWebhookResult> {
  const nowMs = deps.clock.nowMs();
  const scope = scopeOf(actor, audience, 'manage');
  const current = scope && (await deps.endpoints.find(scope, endpointId));
  if (!scope || !current) return { ok: false, reason: 'not_found' };
  const { url: before, eventTypes: typesBefore } = current;
  // What is unchanged is not looked up again: its name server may be away just now.
  const target = wanted.url === before ? { ok: true as const, url: before } : await checkTarget(deps, wanted.url);
  if (!target.ok) return { ok: false, reason: 'url_refused', refusal: target.refusal };
  const details = {
    before: { url: before, eventTypes: typesBefore },
    after: { url: target.url, eventTypes: wanted.eventTypes },
  };
  const change = { ...wanted, endpointId, url: target.url };
  const entry = endpointAudit(actor, current, 'webhook.changed', details, nowMs);
  const endpoint = await deps.endpoints.change(scope, change, entry);
  if (endpoint === 'url_taken') return { ok: false, reason: 'url_taken' };
  return endpoint ? { ok: true, endpoint } : { ok: false, reason: 'not_found' };
}
