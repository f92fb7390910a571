import { defineMiddleware } from 'astro:middleware';

import { KNOWN_DEVICE_MS } from './sign-in/known-device.ts';
import { deviceCookie, deviceCookieName, sessionCookie, sessionCookieName } from './sessions/session-cookie.ts';

/** All that the session of somebody opens who has to set up a second step first: that, and whatever it takes. */
const LEADS_TO_SECOND_STEP =
  /^\/(account\/(two-step|passkeys)|sign-in\/again|sign-in\/passkey|sign-out|verify-email|sign-up\/check-mail)(\/|$)/;

/** Session cookie to actor. Authorisation is the business of every page (`ui/guard.ts`), not of this file. */
export const onRequest = defineMiddleware(async ({ locals, cookies, url, redirect }, next) => {
  const { portal } = locals;
  const { publicUrl } = portal.site;
  const knownBy = cookies.get(deviceCookieName(publicUrl))?.value ?? null;
  locals.origin = { ...locals.origin, deviceToken: knownBy };
  locals.sessionToken = cookies.get(sessionCookieName(publicUrl))?.value ?? null;
  const found = locals.sessionToken === null ? null : await portal.accounts.sessionFor(locals.sessionToken);
  locals.mustAddSecondStep = found?.mustAddSecondStep ?? false;
  locals.signedIn = locals.mustAddSecondStep && !LEADS_TO_SECOND_STEP.test(url.pathname) ? null : found;

  // Pages of owners are not there without an owner's rights; an owner is told how to have them again.
  const isAsleep = locals.signedIn?.account.role === 'owner' && locals.signedIn.actor.role !== 'owner';
  if (isAsleep && /^\/owner(\/|$)/.test(url.pathname)) {
    return redirect(`/sign-in/again?next=${encodeURIComponent(url.pathname)}`, 303);
  }

  const response = unavailable(await next());
  if (!locals.signedIn || locals.sessionToken === null) return response;
  response.headers.set('Cache-Control', 'private, no-store');
  const { renewedUntilMs, account } = locals.signedIn;
  const device = portal.accounts.deviceToken(account.id, knownBy);
  // A page that sets a cookie itself signs in or out: the session this request came with is over.
  if (renewedUntilMs !== null && !response.headers.has('Set-Cookie')) {
    response.headers.append('Set-Cookie', sessionCookie(publicUrl, locals.sessionToken, renewedUntilMs));
  }
  if (device !== null) {
    response.headers.append('Set-Cookie', deviceCookie(publicUrl, device, portal.nowMs() + KNOWN_DEVICE_MS));
  }
  return response;
});

/** Astro gives the page for errors the status 500, whatever the page says; this one says when to come again. */
function unavailable(response: Response): Response {
  const { status, headers, body } = response;
  return status === 500 && headers.has('Retry-After') ? new Response(body, { status: 503, headers }) : response;
}
