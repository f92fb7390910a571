import type { APIRoute } from 'astro';

import { serverUrl } from '../../../../catalog/catalog-library.ts';
import { operationMarkdown } from '../../../../reference/reference-markdown.ts';
import { notFound } from '../../../../ui/guard.ts';
import { markdown } from '../../../../ui/reference/answers.ts';
import { versionAt } from '../../../../ui/reference/version-at.ts';

export const GET: APIRoute = async ({ locals: { portal }, params }) => {
  const found = await versionAt(portal, params);
  const page = found && (await portal.reference.operation(found.key, params.operation ?? '', ''));
  if (!page) return notFound();
  const { key, path } = found;
  const address = serverUrl(portal.site, key.api, key.version) + page.operation.path;
  return markdown(operationMarkdown(page, address, portal.site.publicUrl + path));
};
