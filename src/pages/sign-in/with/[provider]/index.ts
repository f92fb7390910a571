import type { APIRoute } from 'astro';

import { errandCookie } from '../../../../sessions/session-cookie.ts';
import { nextPath, notFound, signInPath } from '../../../../ui/guard.ts';

/**
 * Sends somebody to a provider to sign in. A link, not a form: browsers apply `form-action` of our policy to where a form
 * is redirected to. Nothing is changed by it, and whoever comes back has a session of their own making only.
 */
export const GET: APIRoute = async ({ locals: { portal, signedIn }, params, url, redirect }) => {
  const provider = params.provider ?? '';
  const next = nextPath(url.searchParams.get('next'));
  const started = await portal.identities.start({ provider, wanted: 'sign_in', next }, signedIn);
  if (!started.ok && started.reason === 'unknown_provider') return notFound();
  if (!started.ok)
    return redirect(`${signInPath(next)}${signInPath(next).includes('?') ? '&' : '?'}failed=provider`, 303);
  const response = redirect(started.url, 303);
  response.headers.append('Set-Cookie', errandCookie(portal.site.publicUrl, started.ticket, started.expiresAtMs));
  return response;
};
