import type { PasskeySignInResult, RegisterPasskeyResult } from '../../passkeys/passkey.ts';
import type { Refused } from '../accounts/account-messages.ts';

type Reason<Result extends { ok: boolean }> =
  Exclude<Result, { ok: true }> extends { reason: infer Reason } ? Reason : never;

const messages: Record<Reason<RegisterPasskeyResult> | Reason<PasskeySignInResult>, string> = {
  not_available:
    'Passkeys belong to a host name with https. This portal runs at an address that has none: ask who runs it.',
  email_not_verified: 'Confirm your e-mail address first: mail is the way back to your account.',
  too_many: 'You have as many passkeys as an account can have. Remove one first.',
  expired: 'That took longer than five minutes, or was done already. Try again.',
  already_registered: 'This passkey was added already.',
  not_accepted: 'This passkey was not accepted. It may have been removed from the account. Sign in another way.',
  maybe_copied:
    'This passkey was refused, because there may be a copy of it. Sign in another way, remove it, and add another one.',
};

/** Why a passkey was not added, or signed nobody in. */
export function passkeyText(reason: keyof typeof messages): string {
  return messages[reason];
}

export function passkeyRefused({ reason }: { reason: keyof typeof messages }): Refused {
  return { status: 422, errors: { '': passkeyText(reason) } };
}

/** For the script that asked for a challenge. */
export function noChallenge(reason: keyof typeof messages): Response {
  const problem = { title: 'No passkey can be used now', status: 409, detail: passkeyText(reason) };
  return Response.json(problem, { status: 409, headers: { 'Content-Type': 'application/problem+json' } });
}
