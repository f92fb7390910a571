import { defineMiddleware } from 'astro:middleware';

import { sessionCookie, sessionCookieName } from './accounts/session-cookie.ts';

/** Session cookie to actor. Authorisation is the business of every page (`ui/guard.ts`), not of this file. */
export const onRequest = defineMiddleware(async ({ locals, cookies }, next) => {
  const { portal } = locals;
  const { publicUrl } = portal.site;
  locals.sessionToken = cookies.get(sessionCookieName(publicUrl))?.value ?? null;
  locals.signedIn = locals.sessionToken === null ? null : await portal.accounts.sessionFor(locals.sessionToken);

  const response = await next();
  if (!locals.signedIn || locals.sessionToken === null) return response;
  response.headers.set('Cache-Control', 'private, no-store');
  const { renewedUntilMs } = locals.signedIn;
  // A page that sets a cookie itself signs in or out: the session this request came with is over.
  if (renewedUntilMs !== null && !response.headers.has('Set-Cookie')) {
    response.headers.append('Set-Cookie', sessionCookie(publicUrl, locals.sessionToken, renewedUntilMs));
  }
  return response;
});
