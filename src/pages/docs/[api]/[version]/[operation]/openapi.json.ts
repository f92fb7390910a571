import type { APIRoute } from 'astro';

import { notFound } from '../../../../../ui/guard.ts';

/** An OpenAPI document of this operation alone, for the console. */
export const GET: APIRoute = async ({ locals: { portal }, params }) => {
  const key = { api: params.api ?? '', version: params.version ?? '' };
  const document = await portal.reference.slice(key, params.operation ?? '');
  if (document === null) return notFound();
  return new Response(document, {
    headers: { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'public, max-age=60' },
  });
};
