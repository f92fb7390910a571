import type { APIRoute } from 'astro';

import { readQuestion } from '../search/search.form.ts';

/** What the dialog shows while somebody types. */
const HITS_PER_KIND = 4;

export const GET: APIRoute = async ({ locals: { portal }, url }) => {
  const { text, kind } = readQuestion(url.searchParams);
  const found =
    text === '' ? { ok: true as const, groups: [] } : await portal.search.search({ text, kind, most: HITS_PER_KIND });
  if (!found.ok) return Response.json({ groups: null }, { status: 503, headers: { 'Retry-After': '1' } });
  return Response.json({ groups: found.groups });
};
