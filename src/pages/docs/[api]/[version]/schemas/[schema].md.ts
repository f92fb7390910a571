import type { APIRoute } from 'astro';

import { schemaMarkdown } from '../../../../../reference/reference-markdown.ts';
import { notFound } from '../../../../../ui/guard.ts';
import { markdown } from '../../../../../ui/reference/answers.ts';
import { versionAt } from '../../../../../ui/reference/version-at.ts';

export const GET: APIRoute = async ({ locals: { portal }, params }) => {
  const found = await versionAt(portal, params);
  const page = found && (await portal.reference.schema(found.key, params.schema ?? '', ''));
  return page ? markdown(schemaMarkdown(page, portal.site.publicUrl + found.path)) : notFound();
};
