import type { FieldErrors } from '../../platform/parsed.ts';
import type {
  ChangeWebhookResult,
  CreateWebhookResult,
  SendWebhookResult,
  TargetRefusal,
} from '../../webhooks/webhook.ts';
import { countText } from '../wording.ts';

type Refusal<Result> = Extract<Result, { ok: false }>;

const urlMessages: Record<TargetRefusal, string> = {
  not_a_url: 'Enter a whole URL without blanks, such as https://example.com/hooks.',
  not_https: 'Use https: what is sent must not be read on its way.',
  has_credentials: 'Leave the name and password out of the URL. Verify the signature of messages instead.',
  has_fragment: 'Leave out the # and what follows: it is never sent.',
  port_not_allowed: 'Use port 443, which is the one of https. Others are not allowed here.',
  no_public_address:
    'This host has no public address. Enter one that can be reached from the internet, and check how it is spelled.',
};

export function webhookRefused(refusal: Refusal<CreateWebhookResult | ChangeWebhookResult>): FieldErrors | null {
  switch (refusal.reason) {
    case 'not_found':
      return null;
    case 'url_refused':
      return { url: urlMessages[refusal.refusal] };
    case 'url_taken':
      return { url: 'There is a webhook with this URL. Change that one instead.' };
    case 'unknown_team':
      return { team: 'Choose one of your teams.' };
    case 'too_many_endpoints':
      return { '': `There can be ${countText(refusal.limit, 'webhook')}. Remove one that is not needed any more.` };
  }
}

export function sendingRefused(refusal: Refusal<SendWebhookResult>): FieldErrors | null {
  switch (refusal.reason) {
    case 'not_found':
      return null;
    case 'endpoint_off':
      return { '': 'This webhook is off. Turn it on first.' };
    case 'too_many_requests':
      return { '': `That was often. Try again in ${countText(refusal.retryAfterSeconds, 'second')}.` };
  }
}
