import type { APIRoute } from 'astro';

import { notFound } from '../../../../../../../ui/guard.ts';
import { enterRevision } from '../../../../../../../ui/publishing/enter-version.ts';
import { refuseFields } from '../../../../../../../ui/read-form.ts';

/** Discards a candidate; one that is decided already stays as it is, and its page says so. */
export const POST: APIRoute = async (context) => {
  const entry = await enterRevision(context);
  if (!entry) return notFound();
  const refused = await refuseFields(context.request);
  if (refused) return refused;
  const { actor, key, report, path, versionPath } = entry;
  const result = await context.locals.portal.publishing.discard(actor, { ...key, number: report.revision.number });
  return context.redirect(result.ok ? versionPath : path, 303);
};
