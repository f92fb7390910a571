import type { APIRoute } from 'astro';

import { webhookMarkdown } from '../../../../../reference/reference-markdown.ts';
import { notFound } from '../../../../../ui/guard.ts';
import { markdown } from '../../../../../ui/reference/answers.ts';
import { versionAt } from '../../../../../ui/reference/version-at.ts';

export const GET: APIRoute = async ({ locals: { portal }, params }) => {
  const found = await versionAt(portal, params);
  const page = found && (await portal.reference.webhook(found.key, params.webhook ?? '', ''));
  return page ? markdown(webhookMarkdown(page, portal.site.publicUrl + found.path)) : notFound();
};
