import type { APIRoute } from 'astro';

import { operationsCsv, slotsCsv } from '../../../usage/usage-csv.ts';
import { enterAsOwner, notFound } from '../../../ui/guard.ts';
import { csvAnswer } from '../../../ui/usage/csv-answer.ts';
import { readRange } from '../../../ui/usage/usage-range.ts';

/** `of=operations`, or one line for each hour, day or month. */
export const GET: APIRoute = async ({ locals: { portal, signedIn }, params, url }) => {
  const actor = enterAsOwner(signedIn);
  const api = actor && (await portal.catalog.api(params.api ?? ''));
  const range = readRange(url.searchParams);
  const report = api && (await portal.usage.apiReport(actor, api.slug, range));
  if (!report) return notFound();
  const name = `usage-${api.slug}-${range}`;
  return url.searchParams.get('of') === 'operations'
    ? csvAnswer(operationsCsv(report), `${name}-operations`)
    : csvAnswer(slotsCsv(report), name);
};
