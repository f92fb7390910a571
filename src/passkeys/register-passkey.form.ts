import { z } from 'zod';

import { nameField } from '../applications/text.form.ts';
import type { Parsed } from '../platform/parsed.ts';
import { parseStrictForm } from '../platform/strict-form.ts';
import { PASSKEY_NAME_MAX_LENGTH } from './passkey.ts';
import { answerField, base64url } from './passkey-answer.form.ts';

const TRANSPORTS = ['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb'] as const;

const schema = z.strictObject({
  name: nameField(PASSKEY_NAME_MAX_LENGTH),
  response: answerField(
    z.object({
      clientDataJSON: base64url(4096),
      attestationObject: base64url(12_288),
      // What browsers may add one day is no reason to refuse.
      transports: z
        .array(z.string())
        .max(20)
        .default([])
        .transform((given) => TRANSPORTS.filter((known) => given.includes(known))),
    }),
  ),
});

export type RegisterPasskeyRequest = z.output<typeof schema>;

/** Fields: `name`; `response`, what the authenticator answered. */
export function parseRegisterPasskeyForm(form: FormData): Parsed<RegisterPasskeyRequest> {
  return parseStrictForm(form, schema, ['response']);
}

const renaming = z.strictObject({ name: nameField(PASSKEY_NAME_MAX_LENGTH) });

/** Field: `name`. */
export function parseRenamePasskeyForm(form: FormData): Parsed<{ name: string }> {
  return parseStrictForm(form, renaming);
}
