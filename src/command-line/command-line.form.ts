import { z } from 'zod';

import type { Parsed } from '../platform/parsed.ts';
import { parseStrictForm } from '../platform/strict-form.ts';
import { holdsToken } from '../platform/token-shape.ts';
import type { AccessScope } from '../access-tokens/access-token.ts';
import { DEVICE_NAME_MAX_LENGTH, readUserCode, readWantedScopes } from './command-line-sign-in.ts';

export interface CommandLineRequest {
  deviceName: string;
  wantedScopes: readonly AccessScope[];
}

const DEVICE_NAME = `device_name is a name of 1 to ${DEVICE_NAME_MAX_LENGTH} characters that can be seen.`;
const SCOPE = 'scope is a list of scopes with blanks between them, such as: keys:write usage:read';
const CODE = 'This is not a code: it has eight letters, such as WDJB-MJHT.';

/** Parameters that it does not know it ignores, and refuses one that comes twice (RFC 6749, 3.1). */
const requestSchema = z
  .object({
    device_name: z
      .string(DEVICE_NAME)
      .transform((text) => text.normalize('NFC').trim())
      .pipe(
        z
          .string()
          .min(1, DEVICE_NAME)
          .max(DEVICE_NAME_MAX_LENGTH, DEVICE_NAME)
          .regex(/^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]*$/u, DEVICE_NAME)
          .refine((text) => !holdsToken(text), DEVICE_NAME),
      ),
    scope: z.string(SCOPE).max(400, SCOPE).default(''),
  })
  .transform(({ device_name: deviceName, scope }) => ({ deviceName, wantedScopes: readWantedScopes(scope) }));

/** What a program sends to begin: `device_name`, and the `scope` that the form is to be filled in with. */
export function parseCommandLineRequest(form: FormData): Parsed<CommandLineRequest> {
  return parseStrictForm(form, requestSchema);
}

const codeField = z.string(CODE).transform((typed, context) => {
  const code = readUserCode(typed);
  if (code !== null) return code;
  context.addIssue({ code: 'custom', message: CODE });
  return z.NEVER;
});

const codeSchema = z.strictObject({ code: codeField }).transform(({ code: userCode }) => ({ userCode }));

/** Field: `code`, in whatever case, with or without the hyphen. */
export function parseCommandLineCode(form: FormData): Parsed<{ userCode: string }> {
  return parseStrictForm(form, codeSchema);
}

const GRANT = 'grant_type is urn:ietf:params:oauth:grant-type:device_code.';

const collectSchema = z
  .object({
    grant_type: z.literal('urn:ietf:params:oauth:grant-type:device_code', GRANT),
    device_code: z
      .string('device_code is missing.')
      .min(1, 'device_code is missing.')
      .max(100, 'device_code is too long.'),
  })
  .transform(({ device_code: deviceCode }) => ({ deviceCode }));

/** What a program asks with, again and again (RFC 8628, 3.4). */
export function parseCommandLineCollection(form: FormData): Parsed<{ deviceCode: string }> {
  return parseStrictForm(form, collectSchema, ['device_code']);
}
