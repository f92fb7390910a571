import type { APIRoute } from 'astro';

import { notFound } from '../../../../ui/guard.ts';

/** The canonical OpenAPI document, with the address that readers call. */
export const GET: APIRoute = async ({ locals, params }) => {
  const document = await locals.portal.catalog.document(params.api ?? '', params.version ?? '');
  if (document === null) return notFound();
  return new Response(document, {
    headers: { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'public, max-age=60' },
  });
};
