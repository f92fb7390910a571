import type { APIRoute } from 'astro';

import { serverUrl } from '../../../catalog/catalog-library.ts';
import { versionMarkdown } from '../../../reference/reference-markdown.ts';
import { notFound } from '../../../ui/guard.ts';
import { markdown } from '../../../ui/reference/answers.ts';
import { versionAt } from '../../../ui/reference/version-at.ts';

export const GET: APIRoute = async ({ locals: { portal }, params }) => {
  const found = await versionAt(portal, params);
  if (!found) return notFound();
  const { api, version, key, path } = found;
  const operations = await portal.catalog.operations(key.api, key.version);
  const address = serverUrl(portal.site, key.api, key.version);
  const servers = await portal.reference.servers(key);
  return markdown(versionMarkdown({ api, version, operations, address, servers }, portal.site.publicUrl + path));
};
