import { appendAudit } from '../audit/audit-log.ts';
import type { Database } from '../database/database.ts';
import type { PortalSchema } from '../database/schema.ts';
import { type AnnouncedEnd, type OperationEnd, withAnnouncedEnd } from './announced-end.ts';

/** What notices say of the ends of versions, where verifiers and pages read it. */
export interface AnnouncedEndStore {
  /** Brings all versions in line with what is announced now; writes only what differs. */
  apply(ends: readonly AnnouncedEnd[], nowMs: number): Promise<void>;
}

const COLUMNS = ['lifecycle', 'deprecated_at_ms', 'sunset_at_ms', 'notice_slug', 'dated_by_notice'] as const;

export function createAnnouncedEndStore({ kysely }: Database<PortalSchema>): AnnouncedEndStore {
  return {
    async apply(ends, nowMs) {
      const rows = await kysely
        .selectFrom('api_version')
        .select(['api_slug', 'version', 'operation_ends', ...COLUMNS])
        .where('removed_at_ms', 'is', null)
        .execute();
      for (const { api_slug, version, operation_ends, ...present } of rows) {
        const own = ends.filter((end) => end.api === api_slug && end.version === version);
        const wholly = own.find(({ operationId }) => operationId === null);
        const wanted = { ...withAnnouncedEnd(present, wholly), operation_ends: operationEnds(own) };
        if (isSame(wanted, { ...present, operation_ends })) continue;
        await kysely.transaction().execute(async (transaction) => {
          const changed = await transaction
            .updateTable('api_version')
            .set(wanted)
            .where('api_slug', '=', api_slug)
            .where('version', '=', version)
            // The file may have been published anew since.
            .where('lifecycle', '=', present.lifecycle)
            .where('dated_by_notice', '=', present.dated_by_notice)
            .where('operation_ends', '=', operation_ends)
            .where('notice_slug', 'is not distinct from', present.notice_slug)
            .returning('version')
            .executeTakeFirst();
          if (!changed) return;
          const details = { lifecycle: wanted.lifecycle, notice: wanted.notice_slug };
          const subject = `${api_slug}/${version}`;
          const about = { actor: 'system', action: 'catalog.end_announced', subject, teamId: null };
          await appendAudit(transaction, { ...about, atMs: nowMs, details });
        });
      }
    },
  };
}

function operationEnds(ends: readonly AnnouncedEnd[]): string {
  const stored = ends.flatMap(({ operationId, noticeSlug, deprecatedAtMs, sunsetAtMs }): OperationEnd[] =>
    operationId === null ? [] : [{ operationId, noticeSlug, deprecatedAtMs, sunsetAtMs }],
  );
  return JSON.stringify(stored.sort((a, b) => (a.operationId < b.operationId ? -1 : 1)));
}

function isSame(wanted: Readonly<Record<string, unknown>>, present: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(wanted).every(([column, value]) => present[column] === value);
}
