import type { APIRoute } from 'astro';

import { passkeyTicketCookie } from '../../../sessions/session-cookie.ts';
import { requireRecentSignIn } from '../../../ui/guard.ts';
import { refuseFields } from '../../../ui/read-form.ts';
import { noChallenge } from '../../../ui/sign-in/passkey-messages.ts';

/** What an authenticator is to make, for the script of the page; the form has nothing to say. */
export const POST: APIRoute = async ({ locals: { portal, signedIn }, request, url, redirect }) => {
  const entry = requireRecentSignIn(signedIn, new URL('/account/passkeys/new', url), portal.nowMs());
  if (!entry.ok || !signedIn) return redirect(entry.ok ? '/sign-in' : entry.signInPath, 303);
  const refusal = await refuseFields(request);
  if (refusal) return refusal;
  const offer = await portal.passkeys.offerRegistration(signedIn);
  if (!offer.ok) return noChallenge(offer.reason);
  const response = Response.json({ options: offer.options });
  const cookie = passkeyTicketCookie(portal.site.publicUrl, offer.ticket, offer.expiresAtMs);
  response.headers.append('Set-Cookie', cookie);
  return response;
};
