import type { Actor } from '../accounts/account.ts';
import { newId } from '../platform/random.ts';
import type { WebhookForm } from './webhook.form.ts';
import { checkTarget } from './check-target.ts';
import { type WebhookDeps, endpointAudit, scopeOf } from './endpoint-desk.ts';
import { type CreateWebhookResult, ENDPOINTS_PER_TEAM, type WebhookAudience, type WebhookEndpoint } from './webhook.ts';
import { encryptWebhookSecret, newWebhookSecret } from './webhook-secret.ts';

/** Adds an endpoint to a team that the actor manages, or to the owners, and returns its secret, the only time it is shown. */
export async function createWebhook(
  deps: WebhookDeps,
  actor: Actor,
  audience: WebhookAudience,
  request: WebhookForm,
): Promise<CreateWebhookResult> {
  const nowMs = deps.clock.nowMs();
  const scope = scopeOf(actor, audience, 'manage');
  if (!scope) return { ok: false, reason: 'not_found' };
  const teamId = scope.kind === 'owner' ? null : (request.teamId ?? scope.teamIds[0]);
  if (teamId === undefined) return { ok: false, reason: 'not_found' };
  if (scope.kind === 'teams' && !scope.teamIds.some((id) => id === teamId))
    return { ok: false, reason: 'unknown_team' };
  const target = await checkTarget(deps, request.url);
  if (!target.ok) return { ok: false, reason: 'url_refused', refusal: target.refusal };
  const endpoint = newEndpoint(newId(deps.random, 'hook'), teamId, { ...request, url: target.url }, nowMs);
  const secret = newWebhookSecret(deps.random);
  const encrypted = encryptWebhookSecret(deps.sessionSecret, endpoint.id, secret, deps.random);
  const { url, eventTypes } = endpoint;
  const outcome = await deps.endpoints.addUnlessFull(
    endpoint,
    { encrypted, createdByAccountId: actor.accountId },
    ENDPOINTS_PER_TEAM,
    endpointAudit(actor, endpoint, 'webhook.created', { url, eventTypes }, nowMs),
  );
  if (outcome === 'too_many') return { ok: false, reason: 'too_many_endpoints', limit: ENDPOINTS_PER_TEAM };
  return outcome === 'url_taken' ? { ok: false, reason: 'url_taken' } : { ok: true, endpoint, secret };
}

function newEndpoint(
  id: string,
  teamId: string | null,
  { url, description, eventTypes }: WebhookForm,
  nowMs: number,
): WebhookEndpoint {
  const nothingYet = { off: null, failingSinceMs: null, succeededAtMs: null, previousSecretEndsAtMs: null };
  return { id, teamId, url, description, eventTypes, createdAtMs: nowMs, ...nothingYet };
}
