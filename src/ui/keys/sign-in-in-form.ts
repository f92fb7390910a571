import type { Actor } from '../../accounts/account.ts';
import { sessionCookie } from '../../sessions/session-cookie.ts';
import type { Proof } from '../../key-restrictions/restrict-key.form.ts';
import { type Refused, codeRefused, completeSignInRefused, passwordRefused } from '../accounts/account-messages.ts';

export type SignedInAgain = { ok: true; actor: Actor; cookie: string } | ({ ok: false } & Refused);

/**
 * Signs in anew with what a form asked for beside its own fields, so that nothing that was typed is lost on the way to
 * another page. The session that the browser had ends; the cookie of the new one must be sent.
 */
export async function signInInForm(
  { portal, origin, sessionToken }: App.Locals,
  actor: Actor,
  { password, code }: Proof,
): Promise<SignedInAgain> {
  const first = await portal.accounts.signIn({ email: actor.email, password }, origin, sessionToken);
  if (first.ok) return started(portal, actor, first);
  if (first.reason !== 'second_factor') return { ok: false, ...passwordRefused(first, 'password') };
  if (code === '')
    return {
      ok: false,
      status: 422,
      errors: { code: 'Enter a code of your authenticator app, and the password again.' },
    };
  const { pendingToken } = first;
  const second = await portal.accounts.completeSignIn({ pendingToken, code }, origin, sessionToken);
  if (second.ok) return started(portal, actor, second);
  return { ok: false, ...(second.reason === 'wrong_code' ? codeRefused(second) : completeSignInRefused(second)) };
}

async function started(
  portal: App.Locals['portal'],
  actor: Actor,
  { sessionToken, expiresAtMs }: { sessionToken: string; expiresAtMs: number },
): Promise<SignedInAgain> {
  const signedIn = await portal.accounts.sessionFor(sessionToken);
  const cookie = sessionCookie(portal.site.publicUrl, sessionToken, expiresAtMs);
  return { ok: true, actor: signedIn?.actor ?? actor, cookie };
}
