import { z } from 'zod';

/** How to reach Tyk's gateway, and what its keys open there. */
export interface TykConfig {
  /** Origin, without a trailing slash. */
  url: string;
  secret: string;
  orgId: string;
  /** API slug -> Tyk's `api_id`. */
  apis: ReadonlyMap<string, string>;
  enforcesAddresses: boolean;
}

/** The settings as they were read, each checked by itself. */
export interface TykValues {
  TYK_URL?: string;
  TYK_SECRET?: string;
  TYK_ORG_ID?: string;
  TYK_APIS: string;
  TYK_ADDRESSES: string;
  KEY_PREFIX: string;
}

/** `parcels=1f0e...`: the slug of an API and the `api_id` of its definition in Tyk. */
const TYK_API = /^[a-z0-9-]{1,40}=[A-Za-z0-9_-]{1,64}$/;

const origin = z
  .url({ protocol: /^https?$/, error: 'must be an http or https URL, such as http://10.0.0.8:8080', abort: true })
  .refine(
    (value) => new URL(value).href === `${new URL(value).origin}/`,
    'must have no path, query, fragment or account',
  );

const pairs = (value: string): string[] => value.split(',').flatMap((entry) => entry.trim() || []);

/** A part of the table of all settings. */
export const tykSettings = {
  TYK_URL: {
    meaning:
      'Origin of the control API of a Tyk gateway, such as http://10.0.0.8:8080. Keys are then brought to Tyk, which verifies them by itself. Unset: they are not.',
    defaultText: null,
    schema: origin.optional(),
  },
  TYK_SECRET: {
    meaning: 'Secret of that control API, as in tyk.conf. It may do anything there: only the portal needs it.',
    defaultText: null,
    schema: z.string().min(1, 'must not be empty').optional(),
    secret: 'optional',
  },
  TYK_ORG_ID: {
    meaning: 'The org_id of the API definitions in Tyk; they all have the same, and it is not empty.',
    defaultText: null,
    schema: z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 letters, digits, hyphens or underscores')
      .optional(),
  },
  TYK_APIS: {
    meaning:
      'Which API is which in Tyk: comma-separated <api>=<api_id>, such as parcels=1f0e8a. Keys open these APIs there and no others.',
    defaultText: '',
    schema: z.string().refine((value) => pairs(value).every((entry) => TYK_API.test(entry)), {
      error: 'must be pairs such as parcels=1f0e8a, separated by commas',
    }),
  },
  TYK_ADDRESSES: {
    meaning:
      'What Tyk does with keys that have an IP allowlist: refuse (they are inactive there) or enforced (a plugin in Tyk checks meta_data.allowed_cidrs).',
    defaultText: 'refuse',
    schema: z.enum(['refuse', 'enforced'], 'must be refuse or enforced'),
  },
} as const;

/** What is wrong with the settings together; none when Tyk is not connected. */
export function tykErrors(read: Partial<TykValues>): string[] {
  if (read.TYK_URL === undefined) return [];
  const missing = (['TYK_SECRET', 'TYK_ORG_ID', 'TYK_APIS'] as const).filter((name) => !pairs(read[name] ?? '').length);
  const errors = missing.map((name) => `${name} is required when TYK_URL is set`);
  // Tyk takes a key that begins so for one of its own, in base64.
  if (read.KEY_PREFIX?.startsWith('ey')) errors.push('KEY_PREFIX must not start with "ey" when TYK_URL is set');
  return errors;
}

/** null when Tyk is not connected. */
export function tykConfig(read: TykValues): TykConfig | null {
  const { TYK_URL: url, TYK_SECRET: secret, TYK_ORG_ID: orgId } = read;
  if (url === undefined || secret === undefined || orgId === undefined) return null;
  const apis = pairs(read.TYK_APIS).map((entry): [string, string] => {
    const [slug = '', apiId = ''] = entry.split('=', 2);
    return [slug, apiId];
  });
  return {
    url: new URL(url).origin,
    secret,
    orgId,
    apis: new Map(apis),
    enforcesAddresses: read.TYK_ADDRESSES === 'enforced',
  };
}
