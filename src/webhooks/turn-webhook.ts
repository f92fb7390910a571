import type { Actor } from '../accounts/account.ts';
import { type WebhookDeps, endpointAudit, scopeOf } from './endpoint-desk.ts';
import type { WebhookAudience, WebhookStepResult } from './webhook.ts';

/** Turns an endpoint on or off. While it is off nothing is queued for it, and what waited is given up. */
export async function turnWebhook(
  deps: WebhookDeps,
  actor: Actor,
  audience: WebhookAudience,
  { endpointId, isOn }: { endpointId: string; isOn: boolean },
): Promise<WebhookStepResult> {
  const scope = scopeOf(actor, audience, 'manage');
  const current = scope && (await deps.endpoints.find(scope, endpointId));
  if (!scope || !current) return { ok: false, reason: 'not_found' };
  if (isOn === (current.off === null)) return { ok: true };
  const action = isOn ? 'webhook.turned_on' : 'webhook.turned_off';
  const entry = endpointAudit(actor, current, action, isOn ? {} : { reason: 'by_hand' }, deps.clock.nowMs());
  const done = await deps.endpoints.turn(scope, endpointId, isOn, entry);
  return done ? { ok: true } : { ok: false, reason: 'not_found' };
}

/** Removes an endpoint with its log. */
export async function removeWebhook(
  deps: WebhookDeps,
  actor: Actor,
  audience: WebhookAudience,
  endpointId: string,
): Promise<WebhookStepResult> {
  const scope = scopeOf(actor, audience, 'manage');
  const current = scope && (await deps.endpoints.find(scope, endpointId));
  if (!scope || !current) return { ok: false, reason: 'not_found' };
  const entry = endpointAudit(actor, current, 'webhook.removed', { url: current.url }, deps.clock.nowMs());
  const done = await deps.endpoints.remove(scope, endpointId, entry);
  return done ? { ok: true } : { ok: false, reason: 'not_found' };
}
