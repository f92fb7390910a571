import type { Actor } from '../accounts/account.ts';
import { type WebhookDeps, endpointAudit, scopeOf } from './endpoint-desk.ts';
import {
  type RotateWebhookSecretResult,
  SECRET_OVERLAP_MS,
  type WebhookAudience,
  type WebhookStepResult,
} from './webhook.ts';
import { encryptWebhookSecret, newWebhookSecret } from './webhook-secret.ts';

/** Makes a new secret; the one there is signs as well for a day, so that receivers can be changed without a gap. */
export async function rotateWebhookSecret(
  deps: WebhookDeps,
  actor: Actor,
  audience: WebhookAudience,
  endpointId: string,
): Promise<RotateWebhookSecretResult> {
  const nowMs = deps.clock.nowMs();
  const scope = scopeOf(actor, audience, 'manage');
  const current = scope && (await deps.endpoints.find(scope, endpointId));
  if (!scope || !current) return { ok: false, reason: 'not_found' };
  const secret = newWebhookSecret(deps.random);
  const encrypted = encryptWebhookSecret(deps.sessionSecret, endpointId, secret, deps.random);
  const overlapEndsAtMs = nowMs + SECRET_OVERLAP_MS;
  const entry = endpointAudit(actor, current, 'webhook.secret_rotated', { overlapEndsAtMs }, nowMs);
  const done = await deps.endpoints.rotateSecret(scope, { endpointId, encrypted, overlapEndsAtMs }, entry);
  return done ? { ok: true, secret, previousSecretEndsAtMs: overlapEndsAtMs } : { ok: false, reason: 'not_found' };
}

/** Ends the overlap at once. */
export async function endPreviousWebhookSecret(
  deps: WebhookDeps,
  actor: Actor,
  audience: WebhookAudience,
  endpointId: string,
): Promise<WebhookStepResult> {
  const scope = scopeOf(actor, audience, 'manage');
  const current = scope && (await deps.endpoints.find(scope, endpointId));
  if (!scope || !current) return { ok: false, reason: 'not_found' };
  const entry = endpointAudit(actor, current, 'webhook.previous_secret_ended', {}, deps.clock.nowMs());
  const done = await deps.endpoints.endPreviousSecret(scope, endpointId, entry);
  return done ? { ok: true } : { ok: false, reason: 'not_found' };
}
