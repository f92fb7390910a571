import { z } from 'zod';

import type { Parsed } from '../platform/parsed.ts';
import { parseStrictForm } from '../platform/strict-form.ts';
import { answerField, base64url } from './passkey-answer.form.ts';

const ceremony = z.enum(
  ['sign_in', 'second_step', 'again'],
  'This form is out of date. Reload the page and try again.',
);

const answer = z.strictObject({
  ceremony,
  response: answerField(
    z
      .object({
        clientDataJSON: base64url(4096),
        authenticatorData: base64url(4096),
        signature: base64url(2048),
        userHandle: base64url(128).nullish(),
      })
      // null where the authenticator keeps none.
      .transform(({ userHandle, ...rest }) => (userHandle == null ? rest : { ...rest, userHandle })),
  ),
});
const request = z.object({ ceremony });

export type PasskeySignInRequest = z.output<typeof answer>;

/** Fields: `ceremony`; `response`, what the authenticator answered. */
export function parsePasskeySignInForm(form: FormData): Parsed<PasskeySignInRequest> {
  return parseStrictForm(form, answer, ['response']);
}

/** Field: `ceremony`; others are dropped. */
export function parsePasskeyRequestForm(form: FormData): Parsed<z.output<typeof request>> {
  return parseStrictForm(form, request);
}
