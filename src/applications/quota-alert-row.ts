import type { ExpressionBuilder, Kysely } from 'kysely';

import type { PortalSchema } from '../database/schema.ts';
import type { AlertPercent, AlertPlace, QuotaAlert } from './quota-alert.ts';

/** Alerts with what is said of them; those of deleted applications are not there. */
export function alerts(kysely: Kysely<PortalSchema>) {
  return kysely
    .selectFrom('quota_alert')
    .innerJoin('application', 'application.id', 'quota_alert.application_id')
    .innerJoin('team', 'team.id', 'application.team_id')
    .selectAll('quota_alert')
    .select(['application.name as application_name', 'application.team_id', 'team.name as team_name'])
    .where('application.deleted_at_ms', 'is', null);
}

/** Behind a place in the order of the list. */
export function isAfter({ toldAtMs, percent, counter, windowStartMs }: AlertPlace) {
  return (row: ExpressionBuilder<PortalSchema, 'quota_alert'>) => {
    const sameMoment = row('told_at_ms', '=', toldAtMs);
    const samePercent = row('threshold_percent', '=', percent);
    return row.or([
      row('told_at_ms', '<', toldAtMs),
      row.and([sameMoment, row('threshold_percent', '<', percent)]),
      row.and([sameMoment, samePercent, row('counter', '>', counter)]),
      row.and([sameMoment, samePercent, row('counter', '=', counter), row('window_start_ms', '>', windowStartMs)]),
    ]);
  };
}

type AlertRow = Awaited<ReturnType<ReturnType<typeof alerts>['executeTakeFirstOrThrow']>>;

export function toAlert(row: AlertRow): QuotaAlert {
  return {
    counter: row.counter,
    windowStartMs: row.window_start_ms,
    windowEndMs: row.window_end_ms,
    percent: row.threshold_percent as AlertPercent,
    quotaName: row.quota_name,
    operationId: row.operation_id,
    keyId: row.key_id,
    used: row.used,
    limit: row.quota_calls,
    applicationId: row.application_id,
    applicationName: row.application_name,
    teamId: row.team_id,
    teamName: row.team_name,
    apiSlug: row.api_slug,
    planSlug: row.plan_slug,
    toldAtMs: row.told_at_ms,
  };
}
