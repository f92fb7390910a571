import type { APIRoute } from 'astro';

import { notFound } from '../../../../ui/guard.ts';
import { sitemap } from '../../../../ui/reference/answers.ts';
import { versionAt } from '../../../../ui/reference/version-at.ts';

/** Every page of one version: its operations, tags, schemas and webhooks. */
export const GET: APIRoute = async ({ locals: { portal }, params }) => {
  const found = await versionAt(portal, params);
  const navigation = found && (await portal.reference.navigation(found.key));
  if (!navigation) return notFound();
  const { key, path } = found;
  const operations = await portal.catalog.operations(key.api, key.version);
  const schemas = await portal.reference.schemas(key);
  const webhooks = await portal.reference.webhooks(key);
  const pages = [
    '',
    ...operations.map(({ slug }) => `/${slug}`),
    ...navigation.tags.map(({ slug }) => `/tags/${slug}`),
    ...schemas.map(({ slug }) => `/schemas/${slug}`),
    ...webhooks.map(({ slug }) => `/webhooks/${slug}`),
  ];
  return sitemap(pages.map((page) => portal.site.publicUrl + path + page));
};
