import type { APIRoute } from 'astro';

import { differenceAt, tooMuch } from '../../../../ui/difference/difference-at.ts';
import { notFound } from '../../../../ui/guard.ts';

export const GET: APIRoute = async ({ locals: { portal }, params }) => {
  const found = await differenceAt(portal, params);
  if (!found) return notFound();
  const { api, range, difference } = found;
  if (!difference) return tooMuch('json', portal.site.publicUrl);
  return Response.json(
    { api: api.slug, from: range.from, to: range.to, ...difference },
    { headers: { 'Cache-Control': 'public, max-age=60' } },
  );
};
