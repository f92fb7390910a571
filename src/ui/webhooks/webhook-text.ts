import type { WebhookAttempt, WebhookEndpoint } from '../../webhooks/webhook.ts';
import type { StatusWord } from '../elements/status-word.ts';
import { countText } from '../wording.ts';

export function endpointWord({ off, failingSinceMs }: WebhookEndpoint): StatusWord {
  if (off) return 'off';
  return failingSinceMs === null ? 'on' : 'failing';
}

export function typesText({ eventTypes }: WebhookEndpoint): string {
  return eventTypes.length === 0 ? 'all events' : countText(eventTypes.length, 'event type');
}

/** How people know an endpoint. */
export function endpointName({ url, description }: WebhookEndpoint): string {
  return description === '' ? new URL(url).host : description;
}

/** "204", "503: not accepted", "no answer within five seconds". */
export function attemptText({ status, failure }: WebhookAttempt): string {
  switch (failure) {
    case null:
      return String(status);
    case 'refused_status':
      return `${status}: not accepted`;
    case 'redirect':
      return `${status}: redirects are not followed`;
    case 'timeout':
      return 'no answer within five seconds';
    case 'connection_failed':
      return 'no connection, or it was closed';
    case 'tls_failed':
      return 'TLS failed: the certificate is not valid for this name';
    case 'not_http':
      return 'the answer is not HTTP';
    case 'no_public_address':
      return 'the host has no public address';
    case 'secret_unreadable':
      return 'not sent: the secret cannot be read';
  }
}
