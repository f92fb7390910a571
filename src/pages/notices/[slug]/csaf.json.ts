import type { APIRoute } from 'astro';

import { notFound } from '../../../ui/guard.ts';
import { jsonAnswer } from '../../../ui/notices/document-answer.ts';

export const GET: APIRoute = async ({ locals: { portal }, params: { slug = '' }, request }) => {
  const document = await portal.notices.csaf(slug);
  return document ? jsonAnswer(request, document) : notFound();
};
