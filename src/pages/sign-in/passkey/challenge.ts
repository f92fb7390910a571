import type { APIRoute } from 'astro';

import { passkeyTicketCookie, pendingSignInCookieName } from '../../../sessions/session-cookie.ts';
import { parsePasskeyRequestForm } from '../../../passkeys/passkey-sign-in.form.ts';
import { readForm, refusedForm, unreadableForm } from '../../../ui/read-form.ts';
import { noChallenge } from '../../../ui/sign-in/passkey-messages.ts';

/** What an authenticator is to sign, for the script of the page. */
export const POST: APIRoute = async ({ locals: { portal, signedIn }, request, cookies }) => {
  const form = await readForm(request);
  if (!form) return unreadableForm();
  const parsed = parsePasskeyRequestForm(form);
  if (!parsed.ok) return refusedForm(parsed.errors);
  const { publicUrl } = portal.site;
  const pendingToken = cookies.get(pendingSignInCookieName(publicUrl))?.value ?? null;
  const offer = await portal.passkeys.offerSignIn(parsed.value.ceremony, { pendingToken, signedIn });
  if (!offer.ok) return noChallenge(offer.reason);
  const response = Response.json({ options: offer.options });
  response.headers.append('Set-Cookie', passkeyTicketCookie(publicUrl, offer.ticket, offer.expiresAtMs));
  return response;
};
