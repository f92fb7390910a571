import type {
  ChangePasswordResult,
  CompleteSignInResult,
  NewPasswordRefusal,
  PasswordFailure,
  PasswordRefusal,
  RequestEmailChangeResult,
  SecondFactorFailure,
  TurnOffSecondFactorResult,
  TurnOnPasskeyStepResult,
  TurnOnSecondFactorResult,
} from '../../accounts/account.ts';
import type { FieldErrors } from '../../platform/parsed.ts';
import { countText } from '../wording.ts';

/** What the page says, and with which status. */
export interface Refused {
  status: number;
  errors: FieldErrors;
  retryAfterSeconds?: number;
}

type Failure<Result extends { ok: boolean }> = Exclude<Result, { ok: true }>;

const BUSY: Refused = {
  status: 503,
  errors: { '': 'Too many people are signing in at this moment. Try again in a few seconds.' },
  retryAfterSeconds: 5,
};

/** Said of addresses without an account as well. */
const UNTIL_RESET: Refused = {
  status: 429,
  errors: {
    '': 'There were a hundred wrong passwords in a row for this address. Choose a new one with “Forgotten your password?”.',
  },
};

/** Puts status and waiting time on the response. */
export function answerRefused(response: { status?: number; headers: Headers }, refused: Refused): void {
  response.status = refused.status;
  if (refused.retryAfterSeconds) response.headers.set('Retry-After', String(refused.retryAfterSeconds));
}

/** Why signing in did not work. One sentence for a wrong address and a wrong password: accounts cannot be counted. */
export function signInRefused(result: PasswordFailure): Refused {
  if (result.reason === 'too_many_attempts')
    return result.untilReset ? UNTIL_RESET : tooMany(result, 'Too many attempts.');
  return result.reason === 'busy' ? BUSY : wrong('', 'The e-mail address or the password is wrong.');
}

/** The same where only the password was asked for, in the field of this name. */
export function passwordRefused(result: PasswordFailure, field: string): Refused {
  return result.reason === 'wrong_credentials' ? wrong(field, 'This is not your password.') : signInRefused(result);
}

/** Why a code was not accepted. A used one looks like a wrong one. */
export function codeRefused(result: SecondFactorFailure): Refused {
  if (result.reason === 'too_many_attempts') return tooMany(result, 'Too many wrong codes.');
  return wrong('code', 'This code is wrong, or was used already. Wait for the next one and try again.');
}

export function completeSignInRefused(result: Failure<CompleteSignInResult>): Refused {
  if (result.reason !== 'expired') return codeRefused(result);
  return wrong('', 'That took longer than five minutes. Start again with your password.');
}

/** Why an account was not made. */
export function signUpRefused(
  result:
    | PasswordRefusal
    | { reason: 'busy' | 'email_taken' | 'invalid_or_expired' }
    | { reason: 'too_many_sign_ups'; retryAfterSeconds: number },
): Refused {
  switch (result.reason) {
    case 'password_too_common':
    case 'password_has_context':
      return newPasswordRefused(result);
    case 'email_taken':
      return wrong('email', 'This address has an account already. Use another one.');
    case 'invalid_or_expired':
      return wrong('', 'This link has been used or has expired. Start the portal again to get a new one.');
    case 'too_many_sign_ups':
      return tooMany(result, 'Too many accounts were made from your network.');
    case 'busy':
      return BUSY;
  }
}

/** Why a new password is refused. */
export function newPasswordRefused(result: NewPasswordRefusal | PasswordRefusal): Refused {
  switch (result.reason) {
    case 'password_too_short':
      return wrong('password', newPasswordHint(result.minLength));
    case 'password_too_common':
      return wrong(
        'password',
        `This password is easy to guess: it is built on "${result.word}". Use a few unrelated words.`,
      );
    case 'password_has_context':
      return wrong(
        'password',
        `This password contains "${result.word}", which others can guess from your account. Leave it out.`,
      );
  }
}

export function newPasswordHint(minLength: number): string {
  return `Use ${minLength} characters or more. A sentence or a few unrelated words work well.`;
}

export function resetRefused(result: NewPasswordRefusal | { reason: 'busy' }): Refused {
  return result.reason === 'busy' ? BUSY : newPasswordRefused(result);
}

export function changePasswordRefused(result: Failure<ChangePasswordResult>): Refused {
  switch (result.reason) {
    case 'password_too_short':
    case 'password_too_common':
    case 'password_has_context':
      return newPasswordRefused(result);
    case 'password_unchanged':
      return wrong('password', 'This is your present password. Choose another one.');
    case 'wrong_credentials':
    case 'too_many_attempts':
    case 'busy':
      return passwordRefused(result, 'currentPassword');
  }
}

export function emailChangeRefused(result: Failure<RequestEmailChangeResult>): Refused {
  switch (result.reason) {
    case 'same_email':
      return wrong('email', 'This is your present address. Enter another one.');
    case 'too_many_requests':
      return tooMany(result, 'Too many changes were asked for.');
    case 'wrong_credentials':
    case 'too_many_attempts':
    case 'busy':
      return passwordRefused(result, 'currentPassword');
  }
}

export function turnOnRefused(result: Failure<TurnOnSecondFactorResult>): Refused {
  if (result.reason !== 'not_prepared') return codeRefused(result);
  return wrong('', 'The setup key has expired after a quarter of an hour. Start again to get a new one.');
}

export function passkeyStepRefused({ reason }: Failure<TurnOnPasskeyStepResult>): Refused {
  switch (reason) {
    case 'email_not_verified':
      return wrong('', 'Confirm your e-mail address first: mail is the way back to your account.');
    case 'no_passkey':
      return wrong('', 'Your account has no passkey. Add one first.');
    case 'already_on':
      return wrong('', 'Two-step sign-in is on already.');
  }
}

export function turnOffRefused(result: Failure<TurnOffSecondFactorResult>): Refused {
  switch (result.reason) {
    case 'wrong_code':
      return codeRefused(result);
    case 'password_too_short':
      return wrong(
        'currentPassword',
        `Your password is too short to be used alone. Change it to ${result.minLength} characters or more first.`,
      );
    case 'wrong_credentials':
    case 'too_many_attempts':
    case 'busy':
      return passwordRefused(result, 'currentPassword');
  }
}

const changes: ReadonlyMap<string | null, string> = new Map([
  ['password', 'Your password was changed'],
  ['email', 'Your e-mail address was changed'],
  ['two-step-off', 'Two-step sign-in is off'],
]);

/** What the account's page says after a change; null for none. */
export function accountChange(done: string | null): string | null {
  return changes.get(done) ?? null;
}

/** Of something that is limited: when to come again. */
export function tooMany({ retryAfterSeconds }: { retryAfterSeconds: number }, what: string): Refused {
  const minutes = Math.ceil(retryAfterSeconds / 60);
  const wait = retryAfterSeconds <= 90 ? countText(retryAfterSeconds, 'second') : countText(minutes, 'minute');
  return { status: 429, errors: { '': `${what} Try again in ${wait}.` }, retryAfterSeconds };
}

function wrong(field: string, message: string): Refused {
  return { status: 422, errors: { [field]: message } };
}
