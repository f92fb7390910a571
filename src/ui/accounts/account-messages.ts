import type { PasswordRefusal, SignInResult } from '../../accounts/account.ts';
import type { FieldErrors } from '../../platform/parsed.ts';
import { countText } from '../wording.ts';

/** What the page says, and with which status. */
export interface Refused {
  status: number;
  errors: FieldErrors;
  retryAfterSeconds?: number;
}

const BUSY: Refused = {
  status: 503,
  errors: { '': 'Too many people are signing in at this moment. Try again in a few seconds.' },
  retryAfterSeconds: 5,
};

/** Why signing in did not work. One sentence for a wrong address and a wrong password: accounts cannot be counted. */
export function signInRefused(result: Exclude<SignInResult, { ok: true }>): Refused {
  switch (result.reason) {
    case 'wrong_credentials':
      return { status: 422, errors: { '': 'The e-mail address or the password is wrong.' } };
    case 'too_many_attempts':
      return {
        status: 429,
        errors: { '': `Too many attempts. Try again in ${countText(result.retryAfterSeconds, 'second')}.` },
        retryAfterSeconds: result.retryAfterSeconds,
      };
    case 'busy':
      return BUSY;
  }
}

/** Why an account was not made. */
export function signUpRefused(
  result: PasswordRefusal | { reason: 'busy' | 'email_taken' | 'invalid_or_expired' },
): Refused {
  switch (result.reason) {
    case 'password_too_common':
      return {
        status: 422,
        errors: {
          password: `This password is easy to guess: it is built on "${result.word}". Use a few unrelated words.`,
        },
      };
    case 'password_has_context':
      return {
        status: 422,
        errors: {
          password: `This password contains "${result.word}", which others can guess from your account. Leave it out.`,
        },
      };
    case 'email_taken':
      return { status: 422, errors: { email: 'This address has an account already. Use another one.' } };
    case 'invalid_or_expired':
      return {
        status: 422,
        errors: { '': 'This link has been used or has expired. Start the portal again to get a new one.' },
      };
    case 'busy':
      return BUSY;
  }
}
