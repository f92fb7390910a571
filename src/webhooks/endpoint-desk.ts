import type { Actor } from '../accounts/account.ts';
import type { AllowanceStore } from '../accounts/allowance-store.ts';
import type { AuditRecord } from '../audit/audit-log.ts';
import type { Clock } from '../platform/clock.ts';
import type { Random } from '../platform/random.ts';
import { type TeamRight, teamsWith } from '../teams/role.ts';
import type { ResolveName } from './resolve-target.ts';
import type { TargetPolicy } from './target-url.ts';
import type { WebhookAudience } from './webhook.ts';
import type { EndpointScope, WebhookEndpointStore } from './webhook-endpoint-store.ts';
import type { WebhookLogStore } from './webhook-log-store.ts';

/** What the use cases of webhooks share. */
export interface WebhookDeps {
  endpoints: WebhookEndpointStore;
  log: WebhookLogStore;
  allowances: Pick<AllowanceStore, 'take'>;
  resolveName: ResolveName;
  policy: TargetPolicy;
  clock: Clock;
  random: Random;
  sessionSecret: Uint8Array;
  publicUrl: string;
}

/** Where the actor has this right over endpoints; null when nowhere: the owners' are there for owners alone. */
export function scopeOf(
  actor: Actor,
  audience: WebhookAudience,
  right: Exclude<TeamRight, 'administer'>,
): EndpointScope | null {
  if (audience === 'owner') return actor.role === 'owner' ? { kind: 'owner' } : null;
  return { kind: 'teams', teamIds: teamsWith(actor, right) };
}

/** The entry of a change to an endpoint that is there. */
export function endpointAudit(
  actor: Actor,
  { id, teamId }: { id: string; teamId: string | null },
  action: string,
  details: AuditRecord['details'],
  atMs: number,
): AuditRecord {
  return { atMs, actor: actor.accountId, action, subject: id, teamId, details };
}
