import { z } from 'zod';

import type { AlertPlace, QuotaAlert } from '../../applications/quota-alert.ts';
import type { Position } from '../page.ts';
import { nextCursor } from './parts.ts';
import { answerSchema, bodySchema, time, timeText } from './registry.ts';

const isMailed = z.boolean().meta({ description: 'Whether the team is mailed when much of a quota is used.' });

export const quotaMailSchema = answerSchema('QuotaMail', z.object({ isMailed }));

export const quotaMailBody = bodySchema('QuotaMailChange', z.strictObject({ isMailed }));

export const quotaAlertsSchema = answerSchema(
  'QuotaAlertList',
  z.object({
    alerts: z
      .array(
        z.object({
          applicationId: z.string(),
          applicationName: z.string(),
          teamId: z.string(),
          teamName: z.string(),
          api: z.string().meta({ examples: ['parcels'] }),
          plan: z.string().meta({ examples: ['free'] }),
          quota: z.string().meta({ description: 'As the headers of the gateway name it.', examples: ['quota'] }),
          operationId: z.string().nullable().meta({ description: 'null when it counts all operations.' }),
          keyId: z
            .string()
            .nullable()
            .meta({ description: 'First key of the rotations that it is for; null when it is for all keys.' }),
          percent: z.int().meta({ description: 'What was reached.', examples: [80] }),
          used: z.int(),
          limit: z.int(),
          windowFrom: time(),
          windowUntil: time().meta({ description: 'When the quota renews.' }),
          at: time().meta({ description: 'When the team was told.' }),
        }),
      )
      .meta({ description: 'Of the last 31 days, newest first.' }),
    nextCursor,
  }),
);

/** Where an alert stands in the list; its counter tells apart what was told at the same time. */
export function alertPlace({ toldAtMs: at, percent, windowStartMs, counter }: QuotaAlert): Position {
  return { at, id: `${percent} ${windowStartMs} ${counter}` };
}

/** null for what is none of ours. */
export function readAlertPlace({ at, id }: Position): AlertPlace | null {
  const [, percent, windowStartMs, counter] = /^(\d{1,3}) (\d{1,15}) (.+)$/.exec(id) ?? [];
  if (counter === undefined) return null;
  return { toldAtMs: at, percent: Number(percent), windowStartMs: Number(windowStartMs), counter };
}

export function describeQuotaAlert(alert: QuotaAlert) {
  return {
    applicationId: alert.applicationId,
    applicationName: alert.applicationName,
    teamId: alert.teamId,
    teamName: alert.teamName,
    api: alert.apiSlug,
    plan: alert.planSlug,
    quota: alert.quotaName,
    operationId: alert.operationId === '' ? null : alert.operationId,
    keyId: alert.keyId === '' ? null : alert.keyId,
    percent: alert.percent,
    used: alert.used,
    limit: alert.limit,
    windowFrom: timeText(alert.windowStartMs),
    windowUntil: timeText(alert.windowEndMs),
    at: timeText(alert.toldAtMs),
  };
}
