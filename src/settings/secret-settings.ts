import { z } from 'zod';

import { listed, splitPair } from './listed.ts';

const secret = z.string().min(32, 'must be 32 characters or more, for example from: openssl rand -base64 32');

/** No blanks: it is sent in a header. */
const NAMED_SECRET = /^[a-z0-9][a-z0-9-]{0,39}=[\x21-\x7e]{32,200}$/;

/** A part of the table of all settings. */
export const secretSettings = {
  KEY_PEPPER: {
    meaning: 'Secret under which API keys are stored (HMAC-SHA-256). Losing it ends every key.',
    defaultText: null,
    schema: secret,
    secret: true,
  },
  KEY_PEPPER_PREVIOUS: {
    meaning:
      'The KEY_PEPPER before this one, while it is replaced: keys under it still work, and their next call moves them.',
    defaultText: null,
    schema: secret.optional(),
    secret: 'optional',
  },
  SESSION_SECRET: {
    meaning:
      'Secret under which session and mail tokens (HMAC-SHA-256) and secrets of authenticator apps (AES-256-GCM) are stored.',
    defaultText: null,
    schema: secret,
    secret: true,
  },
  GATEWAY_SECRET: {
    meaning: 'Secret that gateways present to the verifier, in the header Gatehouse-Secret.',
    defaultText: null,
    schema: secret,
    secret: true,
  },
  GATEWAY_SECRET_PREVIOUS: {
    meaning: 'The GATEWAY_SECRET before this one, while gateways are given the new one: the verifier takes both.',
    defaultText: null,
    schema: secret.optional(),
    secret: 'optional',
  },
  GATEWAY_SECRETS: {
    meaning:
      'Secrets of single gateways and programs beside GATEWAY_SECRET, each with a name for metrics: comma-separated <name>=<secret>, such as edge-1=....',
    defaultText: null,
    schema: z
      .string()
      .refine((value) => listed(value).every((entry) => NAMED_SECRET.test(entry)), {
        error: 'must be pairs of a name and a secret of 32 characters or more, such as edge-1=..., separated by commas',
      })
      .optional(),
    secret: 'optional',
  },
} as const;

/** What is wrong with the secrets together. */
export function secretErrors(values: Readonly<Record<string, unknown>>): string[] {
  return [...previousErrors(values), ...gatewayErrors(values)];
}

/** Twice the same secret would look like a replacement that never ends. */
function previousErrors(values: Readonly<Record<string, unknown>>): string[] {
  return ['KEY_PEPPER', 'GATEWAY_SECRET']
    .filter((name) => values[name] !== undefined && values[name] === values[`${name}_PREVIOUS`])
    .map((name) => `${name}_PREVIOUS is the same as ${name}: give the secret from before, or leave it out`);
}

/** Each gateway is to be told from the others, and none from nobody. */
function gatewayErrors(values: Readonly<Record<string, unknown>>): string[] {
  const pairs = listed(typeof values.GATEWAY_SECRETS === 'string' ? values.GATEWAY_SECRETS : '').map(splitPair);
  const names = [...pairs.map(([name]) => name), 'shared', 'shared-previous'];
  const secrets = [...pairs.map(([, secret]) => secret), values.GATEWAY_SECRET, values.GATEWAY_SECRET_PREVIOUS];
  const twice = (all: readonly unknown[]): boolean => {
    const given = all.filter((one) => one !== undefined);
    return new Set(given).size < given.length;
  };
  return [
    ...(twice(names) ? ['GATEWAY_SECRETS has a name twice, or one of shared and shared-previous'] : []),
    ...(pairs.length > 0 && twice(secrets) ? ['GATEWAY_SECRETS has a secret twice, or one that is set elsewhere'] : []),
  ];
}
