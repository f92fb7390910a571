import type { APIRoute } from 'astro';

import { notFound } from '../../ui/guard.ts';

/** For calendar programs, which cannot sign in: the address itself is the secret. */
export const GET: APIRoute = async ({ locals, params }) => {
  const body = await locals.portal.keys.calendar.read(params.token ?? '');
  if (body === null) return notFound();
  return new Response(body, {
    headers: {
      'Content-Type': 'text/calendar; charset=utf-8',
      'Cache-Control': 'private, no-store',
      'X-Robots-Tag': 'noindex',
    },
  });
};
