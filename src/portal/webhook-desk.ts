import type { Actor } from '../accounts/account.ts';
import type {
  ChangeWebhookResult,
  CreateWebhookResult,
  DeliveryDetails,
  DeliveryPage,
  RotateWebhookSecretResult,
  SendWebhookResult,
  WebhookEndpoint,
  WebhookStepResult,
} from '../webhooks/webhook.ts';
import type { WebhookForm } from '../webhooks/webhook.form.ts';

/** What pages and the management API may ask of webhooks. Another's endpoint is `not_found`, or null. */
export interface WebhookDesk {
  /** Oldest first. */
  list(actor: Actor): Promise<readonly WebhookEndpoint[]>;
  find(actor: Actor, endpointId: string): Promise<WebhookEndpoint | null>;
  create(actor: Actor, request: WebhookForm): Promise<CreateWebhookResult>;
  /** Replaces URL, description and types. */
  change(actor: Actor, endpointId: string, request: WebhookForm): Promise<ChangeWebhookResult>;
  /** The secret there was signs as well for a day. */
  rotateSecret(actor: Actor, endpointId: string): Promise<RotateWebhookSecretResult>;
  endPreviousSecret(actor: Actor, endpointId: string): Promise<WebhookStepResult>;
  turn(actor: Actor, endpointId: string, isOn: boolean): Promise<WebhookStepResult>;
  remove(actor: Actor, endpointId: string): Promise<WebhookStepResult>;
  /** @param after `next` of the page before; null for the newest. @param limit as many as pages show unless given */
  deliveries(actor: Actor, endpointId: string, after: string | null, limit?: number): Promise<DeliveryPage | null>;
  delivery(actor: Actor, endpointId: string, deliveryId: string): Promise<DeliveryDetails | null>;
  redeliver(actor: Actor, endpointId: string, deliveryId: string): Promise<SendWebhookResult>;
  sendTest(actor: Actor, endpointId: string): Promise<SendWebhookResult>;
}
