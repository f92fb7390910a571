import { type RefusalText, text } from './refusal-text.ts';

/** What is about the call itself (its access token, its Idempotency-Key), webhooks, and requests for plans. */
export const callRefusals = {
  missing_access_token: text(
    401,
    'Access token missing',
    'This operation wants a personal access token, and the call carried none.',
    'Create one on the page "Access tokens" of your account, and send it in the header "Authorization: Bearer <token>".',
  ),
  access_token_not_active: text(
    401,
    'No active access token',
    'The credential is not an access token that works: it is unknown, expired or revoked, or its account is suspended. An API key is no access token.',
    'Open the page "Access tokens" of your account to see which work, and create a new one if needed.',
  ),
  access_token_scope_missing: text(
    403,
    'The access token may not do this',
    'The access token works, but it was not given the scope that this operation wants; or it was, and its account is no owner any more.',
    'Create a token with the scope that "scope" names.',
  ),
  management_rate_limited: text(
    429,
    'Too many calls with this access token',
    'An access token can call the management API 300 times a minute.',
    'Wait as long as Retry-After says.',
  ),
  outcome_unknown: text(
    409,
    'It is not known whether this was done',
    'A request with this Idempotency-Key was interrupted on our side, after it had begun.',
    'Look whether it was done. If not, send it again with another Idempotency-Key.',
  ),
  request_in_progress: text(
    409,
    'The same request is under way',
    'A request with this Idempotency-Key has arrived and is not answered yet.',
    'Wait as long as Retry-After says, and send it again: you get the answer of the first.',
  ),
  idempotency_key_reused: text(
    422,
    'This Idempotency-Key belongs to another request',
    'The Idempotency-Key was sent with another request in the last 24 hours.',
    'Make a new key for each request; keep it only to send the very same request again.',
  ),
  too_many_webhooks: text(
    409,
    'The team has as many webhooks as it can have',
    'A team can have ten webhooks.',
    'Remove one that is not needed any more.',
  ),
  webhook_off: text(409, 'The webhook is off', 'While a webhook is off, nothing is sent to it.', 'Turn it on first.'),
  webhook_url_taken: text(
    409,
    'The team has a webhook with this URL',
    'Each URL is told once.',
    'Change the webhook that there is.',
  ),
  too_many_webhook_tests: text(
    429,
    'Too many messages were asked for',
    'Test events and redeliveries can be asked for a few times a minute.',
    'Wait as long as Retry-After says.',
  ),
  request_decided: text(
    409,
    'The request does not wait any more',
    'Somebody has decided about it, it was withdrawn, or its plan is not offered any more.',
    'List the requests that wait.',
  ),
} as const satisfies Record<string, RefusalText>;
