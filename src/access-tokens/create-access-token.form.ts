import { z } from 'zod';

import type { Parsed } from '../platform/parsed.ts';
import { parseStrictForm } from '../platform/strict-form.ts';
import { HOLDS_TOKEN, holdsToken } from '../platform/token-shape.ts';
import {
  ACCESS_LEVELS,
  ACCESS_TOKEN_MAX_DAYS,
  ACCESS_TOKEN_NAME_MAX_LENGTH,
  type AccessResource,
  type AccessScope,
  accessResources,
} from './access-token.ts';

export interface CreateAccessTokenRequest {
  name: string;
  /** One for each resource at most. */
  scopes: readonly AccessScope[];
  expiresInDays: number;
  requestId: string;
}

const NO_NAME = 'Enter a name: where the token will be used.';
const DAYS = `Choose a number of days from 1 to ${ACCESS_TOKEN_MAX_DAYS}.`;
const OUT_OF_DATE = 'This form is out of date. Reload the page and try again.';

const levelFields = Object.fromEntries(
  accessResources.map((resource) => [
    resource,
    z.enum(['none', ...ACCESS_LEVELS[resource]], 'Choose one of the levels.').default('none'),
  ]),
) as unknown as Record<AccessResource, z.ZodType<string>>;

const schema = z
  .strictObject({
    name: z
      .string(NO_NAME)
      .transform((text) => text.normalize('NFC').trim())
      .pipe(
        z
          .string()
          .min(1, NO_NAME)
          .max(ACCESS_TOKEN_NAME_MAX_LENGTH, `Use ${ACCESS_TOKEN_NAME_MAX_LENGTH} characters or fewer.`)
          .regex(/^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]*$/u, 'There is a character here that cannot be seen.')
          .refine((text) => !holdsToken(text), HOLDS_TOKEN),
      ),
    ...levelFields,
    expiry: z
      .string(DAYS)
      .regex(/^[1-9]\d{0,2}$/, DAYS)
      .transform(Number)
      .refine((days) => days <= ACCESS_TOKEN_MAX_DAYS, DAYS),
    requestId: z.string(OUT_OF_DATE).regex(/^[0-9A-Za-z_-]{16,64}$/, OUT_OF_DATE),
  })
  .transform(({ name, expiry, requestId, ...levels }, context): CreateAccessTokenRequest => {
    const scopes = accessResources
      .filter((resource) => levels[resource] !== 'none')
      .map((resource) => `${resource}:${levels[resource]}` as AccessScope);
    if (scopes.length === 0) {
      context.addIssue({ code: 'custom', message: 'Choose something that the token may do.', path: ['applications'] });
    }
    return { name, scopes, expiresInDays: expiry, requestId };
  });

/** Fields: `name`; one for each resource, with `none` or a level of it; `expiry` in days; `requestId`. */
export function parseCreateAccessTokenForm(form: FormData): Parsed<CreateAccessTokenRequest> {
  return parseStrictForm(form, schema);
}
