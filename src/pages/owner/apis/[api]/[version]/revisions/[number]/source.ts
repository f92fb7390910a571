import type { APIRoute } from 'astro';

import { notFound } from '../../../../../../../ui/guard.ts';
import { enterRevision } from '../../../../../../../ui/publishing/enter-version.ts';

const types = { json: 'application/json; charset=utf-8', yaml: 'text/plain; charset=utf-8' };

/** The text as its owner wrote it: to be saved, never shown as a page of this site. */
export const GET: APIRoute = async (context) => {
  const entry = await enterRevision(context);
  if (!entry) return notFound();
  const { actor, key, report } = entry;
  const { number } = report.revision;
  const source = await context.locals.portal.publishing.source(actor, key, number);
  if (!source) return notFound();
  const name = `${key.slug}-${key.version}-revision-${String(number)}.${source.format}`;
  return new Response(source.text, {
    headers: {
      'Content-Type': types[source.format],
      'Content-Disposition': `attachment; filename="${name}"`,
      'Cache-Control': 'no-store',
    },
  });
};
