import { z } from 'zod';

/** What happens to keys by itself. */
export const keySettings = {
  LEAKED_KEY_ACTION: {
    meaning: 'What happens to a live key that is reported as leaked: revoke or suspend.',
    defaultText: 'revoke',
    schema: z.enum(['revoke', 'suspend'], 'must be revoke or suspend'),
  },
  EXPOSED_KEY_ACTION: {
    meaning:
      'What happens to a key whose whole token stood in a query string: tell (its team is asked to rotate it), suspend or revoke. Its team is told in any case.',
    defaultText: 'tell',
    schema: z.enum(['tell', 'suspend', 'revoke'], 'must be tell, suspend or revoke'),
  },
  KEY_DORMANT_DAYS: {
    meaning:
      'Days without a call after which the team of a key is told that nobody uses it. A plan may name fewer, and have such keys suspended. 0: only plans do.',
    defaultText: '90',
    schema: z.string().regex(/^(0|[1-9]\d{0,2})$/, 'must be a number from 0 to 999'),
  },
} as const;
