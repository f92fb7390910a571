import { type PortalEventType, portalEventTypes } from '../platform/portal-event.ts';

/** An address that is told of events. Rules only; SQL is in the stores. */
export interface WebhookEndpoint {
  id: string;
  /** null: the owners', told of every team's events. */
  teamId: string | null;
  url: string;
  description: string;
  /** Empty means all, also those of later versions. */
  eventTypes: readonly SubscribableType[];
  createdAtMs: number;
  /** null while it is on. While it is off nothing is queued for it. */
  off: { atMs: number; reason: OffReason } | null;
  /** First failure since the last success; null while all is well. */
  failingSinceMs: number | null;
  succeededAtMs: number | null;
  /** The secret before the last rotation signs as well until then; null when there is none. */
  previousSecretEndsAtMs: number | null;
}

/** Turned off by somebody; answered 410 (Gone); failed for days. */
export type OffReason = 'by_hand' | 'gone' | 'failing';

/** Whose endpoints: those of the actor's teams, or those of the owners. */
export type WebhookAudience = 'team' | 'owner';

/** A test is sent to one endpoint on request, whatever it has chosen. */
export type SubscribableType = Exclude<PortalEventType, 'webhook.test'>;

export const subscribableTypes = portalEventTypes.filter((type): type is SubscribableType => type !== 'webhook.test');

export interface WebhookDelivery {
  id: string;
  endpointId: string;
  /** The `webhook-id` of the message: the same for every attempt, so that a receiver can drop what it has. */
  eventId: string;
  eventType: string;
  state: 'waiting' | 'delivered' | 'failed';
  createdAtMs: number;
  attempts: number;
  /** null unless it waits. */
  nextAttemptAtMs: number | null;
  /** null before the first attempt has ended. */
  last: WebhookAttempt | null;
}

export interface WebhookAttempt {
  number: number;
  atMs: number;
  latencyMs: number;
  /** null when there was no answer. */
  status: number | null;
  /** null when it was delivered. */
  failure: AttemptFailure | null;
  /** The first 1 KiB of the answer. */
  answer: string;
}

/** `refused_status`: an answer that is not 2xx. `secret_unreadable`: SESSION_SECRET is another one than it was. */
export type AttemptFailure =
  | 'no_public_address'
  | 'timeout'
  | 'connection_failed'
  | 'tls_failed'
  | 'not_http'
  | 'redirect'
  | 'refused_status'
  | 'secret_unreadable';

export interface DeliveryPage {
  /** Newest first. */
  deliveries: readonly WebhookDelivery[];
  /** Names the next, older page; null on the last. */
  next: string | null;
}

export interface DeliveryDetails {
  delivery: WebhookDelivery;
  /** What was signed and sent, byte for byte. */
  body: string;
  /** Newest first. */
  attempts: readonly WebhookAttempt[];
}

export const ENDPOINTS_PER_TEAM = 10;
export const URL_MAX_LENGTH = 2048;
export const DESCRIPTION_MAX_LENGTH = 200;
export const ANSWER_SHOWN_BYTES = 1024;
const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
/** How long the secret before a rotation signs as well. */
export const SECRET_OVERLAP_MS = 24 * HOUR_MS;
/** An endpoint at which nothing has succeeded for so long is turned off. */
export const OFF_AFTER_MS = 3 * 24 * HOUR_MS;
/** How long the log keeps events and their attempts. */
export const DELIVERY_KEPT_MS = 30 * 24 * HOUR_MS;

/** After each failed attempt, as Standard Webhooks recommends; three days in all. */
const RETRY_AFTER_MS = [
  5 * SECOND_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  14 * HOUR_MS,
  20 * HOUR_MS,
  24 * HOUR_MS,
] as const;
const LONGEST_WAIT_MS = 24 * HOUR_MS;

/**
 * When to try again after the failed attempt number `tries`; null when that was the last.
 * @param jitter 0 to 1: endpoints that failed together do not come back together
 * @param retryAfterMs what the receiver asked for, at most a day; 0 for nothing
 */
export function retryAtMs(tries: number, nowMs: number, jitter: number, retryAfterMs: number): number | null {
  const wait = RETRY_AFTER_MS[tries - 1];
  if (wait === undefined) return null;
  const spread = wait * (1 + jitter / 10);
  return nowMs + Math.round(Math.max(spread, Math.min(retryAfterMs, LONGEST_WAIT_MS)));
}

/** Why an endpoint is turned off after a failure; null to keep it. */
export function offReasonAfter(
  { status, failingSinceMs }: { status: number | null; failingSinceMs: number },
  nowMs: number,
): OffReason | null {
  if (status === 410) return 'gone';
  return nowMs - failingSinceMs >= OFF_AFTER_MS ? 'failing' : null;
}

export function wantsType(endpoint: Pick<WebhookEndpoint, 'eventTypes'>, type: PortalEventType): boolean {
  return endpoint.eventTypes.length === 0 || endpoint.eventTypes.some((chosen) => chosen === type);
}

export type TargetRefusal =
  | 'not_a_url'
  | 'not_https'
  | 'has_credentials'
  | 'has_fragment'
  | 'port_not_allowed'
  /** Not found, or something that is not public: which of the two is nobody's business. */
  | 'no_public_address';

interface NotFound {
  ok: false;
  reason: 'not_found';
}
type UrlRefused = { ok: false; reason: 'url_refused'; refusal: TargetRefusal } | { ok: false; reason: 'url_taken' };

export type CreateWebhookResult =
  /** `secret` is shown this once. */
  | { ok: true; endpoint: WebhookEndpoint; secret: string }
  | { ok: false; reason: 'too_many_endpoints'; limit: number }
  /** The one that was named is none that the actor manages. */
  | { ok: false; reason: 'unknown_team' }
  | UrlRefused
  | NotFound;

export type ChangeWebhookResult = { ok: true; endpoint: WebhookEndpoint } | UrlRefused | NotFound;

export type RotateWebhookSecretResult = { ok: true; secret: string; previousSecretEndsAtMs: number } | NotFound;

export type WebhookStepResult = { ok: true } | NotFound;

export type SendWebhookResult =
  | { ok: true; deliveryId: string }
  | { ok: false; reason: 'endpoint_off' }
  | { ok: false; reason: 'too_many_requests'; retryAfterSeconds: number }
  | NotFound;
