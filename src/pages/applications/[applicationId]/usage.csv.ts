import type { APIRoute } from 'astro';

import { keysCsv, operationsCsv, slotsCsv } from '../../../usage/usage-csv.ts';
import { notFound } from '../../../ui/guard.ts';
import { enterApplication } from '../../../ui/keys/enter-key.ts';
import { csvAnswer } from '../../../ui/usage/csv-answer.ts';
import { readRange } from '../../../ui/usage/usage-range.ts';

/** `of`: `operations` or `keys`; else one line for each hour, day or month. */
export const GET: APIRoute = async (context) => {
  const entry = await enterApplication(context);
  if (!entry.ok) return entry.answer;
  const { actor, application } = entry;
  const { portal } = context.locals;
  const range = readRange(context.url.searchParams);
  const report = await portal.usage.report(actor, application.id, range);
  if (!report) return notFound();
  const name = `usage-${application.id}-${range}`;
  const of = context.url.searchParams.get('of');
  if (of === 'operations') return csvAnswer(operationsCsv(report), `${name}-operations`);
  if (of !== 'keys') return csvAnswer(slotsCsv(report), name);
  const keys = await portal.keys.list(actor, application.id);
  return csvAnswer(keysCsv(report, new Map(keys.map((key) => [key.id, key.name]))), `${name}-keys`);
};
