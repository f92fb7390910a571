import type { RefusalText } from '../../verify/verdict.ts';

/** What only the management API answers; everything else it shares with the front server and the verifier. */
export const refusals = {
  invalid_parameter: {
    status: 400,
    title: 'A query parameter is not right',
    explanation: 'The call has a query parameter that is unknown, appears twice, or has a value that is not allowed.',
    remedy: 'Compare the name and the value with the documentation of the operation.',
  },
  report_not_signed: {
    status: 401,
    title: 'This report is not signed by a scanner we know',
    explanation:
      'The signature of the report does not fit its body, or the key that it names is not among those the provider has configured.',
    remedy: 'Send the body exactly as it was signed, with the headers Github-Public-Key-Identifier and -Signature.',
  },
  malformed_report: {
    status: 400,
    title: 'This report cannot be read',
    explanation: 'The report is signed, but it is not a JSON array of objects with "token", "type" and "url".',
    remedy: 'Send it in the shape of the secret-scanning partner programme of GitHub.',
  },
  key_not_active: {
    status: 401,
    title: 'No active API key',
    explanation:
      'The credential is not an active API key of this portal: it is unknown, expired, suspended or revoked.',
    remedy: 'Open the page of your application to see the state of its keys, and issue a new one if needed.',
  },
} as const satisfies Record<string, RefusalText>;
