import type { APIRoute } from 'astro';

import { API_CATALOG_MEDIA_TYPE, API_CATALOG_PATH, apiCatalog } from '../../catalog/api-catalog.ts';
import { jsonAnswer } from '../../ui/notices/document-answer.ts';

export const GET: APIRoute = async ({ locals: { portal }, request }) => {
  const { site, catalog } = portal;
  const answer = jsonAnswer(request, apiCatalog(await catalog.apis(), site), API_CATALOG_MEDIA_TYPE);
  // RFC 9727, section 5: also the answer to HEAD names the catalogue.
  answer.headers.set('Link', `<${site.publicUrl}${API_CATALOG_PATH}>; rel="api-catalog"`);
  return answer;
};
