import type { APIRoute } from 'astro';

import { deprecationList } from '../../notices/deprecation-list.ts';
import { jsonAnswer } from '../../ui/notices/document-answer.ts';

export const GET: APIRoute = ({ locals: { portal }, request }) =>
  jsonAnswer(request, deprecationList(portal.notices.list(), portal.site.publicUrl));
