import type { APIRoute } from 'astro';

import { documentAnswer } from '../../ui/notices/document-answer.ts';

export const GET: APIRoute = async ({ locals: { portal }, request }) =>
  documentAnswer(request, await portal.notices.calendar());
