import type { APIRoute } from 'astro';

import { documentAnswer } from '../../ui/notices/document-answer.ts';

export const GET: APIRoute = ({ locals: { portal }, request }) => documentAnswer(request, portal.notices.calendar());
