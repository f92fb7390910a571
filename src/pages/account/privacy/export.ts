import type { APIRoute } from 'astro';

import { requireRecentSignIn } from '../../../ui/guard.ts';
import { streamed } from '../../../ui/streamed.ts';

export const GET: APIRoute = ({ locals: { portal, signedIn }, url, redirect }) => {
  const nowMs = portal.nowMs();
  const entry = requireRecentSignIn(signedIn, new URL('/account/privacy', url), nowMs);
  if (!entry.ok) return redirect(entry.signInPath, 303);
  const day = new Date(nowMs).toISOString().slice(0, 10);
  return new Response(streamed(portal.privacy.export(entry.actor)), {
    headers: {
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Disposition': `attachment; filename="account-${day}.json"`,
      'Cache-Control': 'private, no-store',
    },
  });
};
