import type { APIRoute } from 'astro';

import { addressesCsv, operationsCsv, slotsCsv } from '../../../../../usage/usage-csv.ts';
import { notFound } from '../../../../../ui/guard.ts';
import { enterKey } from '../../../../../ui/keys/enter-key.ts';
import { csvAnswer } from '../../../../../ui/usage/csv-answer.ts';
import { readRange } from '../../../../../ui/usage/usage-range.ts';

/** `of`: `operations` or `addresses`; else one line for each hour, day or month. */
export const GET: APIRoute = async (context) => {
  const entry = await enterKey(context);
  if (!entry.ok) return entry.answer;
  const { actor, application, key } = entry;
  const { usage } = context.locals.portal;
  const name = `usage-${key.id}`;
  const of = context.url.searchParams.get('of');
  if (of === 'addresses') {
    const addresses = await usage.addresses(actor, application.id, key.id);
    return addresses ? csvAnswer(addressesCsv(addresses), `${name}-addresses`) : notFound();
  }
  const range = readRange(context.url.searchParams);
  const report = await usage.keyReport(actor, application.id, key.id, range);
  if (!report) return notFound();
  if (of === 'operations') return csvAnswer(operationsCsv(report), `${name}-${range}-operations`);
  return csvAnswer(slotsCsv(report), `${name}-${range}`);
};
