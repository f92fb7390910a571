import type { APIRoute } from 'astro';

import { differenceMarkdown } from '../../../../difference/difference-markdown.ts';
import { differenceAt, tooMuch } from '../../../../ui/difference/difference-at.ts';
import { notFound } from '../../../../ui/guard.ts';
import { markdown } from '../../../../ui/reference/answers.ts';

export const GET: APIRoute = async ({ locals: { portal }, params }) => {
  const found = await differenceAt(portal, params);
  if (!found) return notFound();
  const { api, range, difference } = found;
  if (!difference) return tooMuch('markdown', portal.site.publicUrl);
  return markdown(differenceMarkdown(difference, `${api.title}: ${range.from} to ${range.to}`));
};
