import type { APIRoute } from 'astro';

import { securityTxt } from '../../notices/security-txt.ts';
import { documentAnswer } from '../../ui/notices/document-answer.ts';

export const GET: APIRoute = ({ locals: { portal }, request }) => {
  const { securityContact, publicUrl } = portal.site;
  const body = securityTxt(securityContact ?? `${publicUrl}/security/report`, publicUrl, portal.nowMs());
  return documentAnswer(request, { body, mediaType: 'text/plain; charset=utf-8', changedAtMs: null });
};
