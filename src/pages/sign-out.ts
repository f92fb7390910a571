import type { APIRoute } from 'astro';

import { blankSessionCookie } from '../sessions/session-cookie.ts';

export const POST: APIRoute = async ({ locals: { portal, sessionToken }, redirect }) => {
  if (sessionToken !== null) await portal.accounts.signOut(sessionToken);
  const response = redirect('/', 303);
  response.headers.append('Set-Cookie', blankSessionCookie(portal.site.publicUrl));
  // What the browser kept of private pages goes as well (yardstick A5).
  response.headers.set('Clear-Site-Data', '"cache", "storage"');
  return response;
};
