import type { RefusalText } from '../../verify/verdict.ts';

/** What only the management API answers; everything else it shares with the front server and the verifier. */
export const refusals = {
  invalid_parameter: {
    status: 400,
    title: 'A query parameter is not right',
    explanation: 'The call has a query parameter that is unknown, appears twice, or has a value that is not allowed.',
    remedy: 'Compare the name and the value with the documentation of the operation.',
  },
  key_not_active: {
    status: 401,
    title: 'No active API key',
    explanation:
      'The credential is not an active API key of this portal: it is unknown, expired, suspended or revoked.',
    remedy: 'Open the page of your application to see the state of its keys, and issue a new one if needed.',
  },
} as const satisfies Record<string, RefusalText>;
