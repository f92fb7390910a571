import type { APIRoute } from 'astro';

import { csafProviderMetadata } from '../../../notices/csaf-provider.ts';
import { jsonAnswer } from '../../../ui/notices/document-answer.ts';

export const GET: APIRoute = ({ locals: { portal }, request }) =>
  jsonAnswer(request, csafProviderMetadata(portal.notices.list(), portal.site.publicUrl));
