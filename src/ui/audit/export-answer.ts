import type { APIContext } from 'astro';

import { parseAuditQuery } from '../../audit/audit-query.form.ts';
import type { AuditFormat } from '../../audit/export-audit.ts';
import { CSV_MEDIA_TYPE } from '../../platform/csv.ts';
import type { FieldErrors } from '../../platform/parsed.ts';
import { enter, enterAsOwner, notFound } from '../guard.ts';
import { streamed } from '../streamed.ts';

const TYPES: Record<AuditFormat, string> = {
  csv: CSV_MEDIA_TYPE,
  ndjson: 'application/x-ndjson; charset=utf-8',
};

type Asked = Pick<APIContext, 'locals' | 'url' | 'redirect'>;

/** The audit log of the reader's teams as a file. */
export async function exportOfTeam({ locals, url, redirect }: Asked, format: AuditFormat): Promise<Response> {
  const { portal, signedIn } = locals;
  const entry = enter(signedIn, url);
  if (!entry.ok) return redirect(entry.signInPath, 303);
  const { filter, errors } = parseAuditQuery(url.searchParams);
  if (errors) return refusedExport(errors);
  return exportAnswer(await portal.audit.export(entry.actor, { format, filter }), format, portal.nowMs());
}

/** The whole audit log as a file, with its chain; for owners. */
export async function exportOfAll({ locals, url }: Asked, format: AuditFormat): Promise<Response> {
  const { portal, signedIn } = locals;
  const actor = enterAsOwner(signedIn);
  if (!actor) return notFound();
  const { filter, errors } = parseAuditQuery(url.searchParams);
  if (errors) return refusedExport(errors);
  const pieces = await portal.audit.exportAll(actor, { format, filter });
  return pieces ? exportAnswer(pieces, format, portal.nowMs()) : notFound();
}

function exportAnswer(pieces: AsyncIterable<string>, format: AuditFormat, nowMs: number): Response {
  const day = new Date(nowMs).toISOString().slice(0, 10);
  return new Response(streamed(pieces), {
    headers: {
      'Content-Type': TYPES[format],
      'Content-Disposition': `attachment; filename="audit-log-${day}.${format}"`,
      'Cache-Control': 'private, no-store',
    },
  });
}

/** A filter that cannot be read exports nothing: a file that holds more than was asked for would mislead. */
function refusedExport(errors: FieldErrors): Response {
  const text = Object.entries(errors)
    .map(([name, message]) => `${name}: ${message}`)
    .join('\n');
  return new Response(`${text}\n`, { status: 422, headers: { 'Content-Type': 'text/plain; charset=utf-8' } });
}
