import { z } from 'zod';

import type { OwnerKey } from '../../portal/portal.ts';
import type { ImpactReport, NoticeOverview } from '../../notices/read-notice-impact.ts';
import { describeNotice, noticeSchema } from './catalog.ts';
import { keySchema } from './key-answers.ts';
import { describeKey } from './keys.ts';
import { nextCursor } from './parts.ts';
import { answerSchema, maybeTime, maybeTimeText } from './registry.ts';

export const teamParams = z.strictObject({
  teamId: z.string().meta({ description: 'Id of the team.', examples: ['team_2Hf8sKpW5dJm7GxYqB1N'] }),
});

export const keyOfTeamSchema = answerSchema(
  'KeyOfTeam',
  z.object({
    key: keySchema,
    teamId: z.string(),
    teamName: z.string(),
    applicationName: z.string(),
    lastCalledAt: maybeTime(),
    lastAddress: z.string().nullable(),
  }),
);

export const noticeOverviewSchema = answerSchema(
  'NoticeOverview',
  z.object({
    notices: z
      .array(
        z.object({
          notice: noticeSchema,
          told: z.int().meta({ description: 'People.' }),
          read: z.int().meta({ description: 'People.' }),
          acknowledged: z.int().meta({ description: 'Teams.' }),
        }),
      )
      .meta({ description: 'Newest first; also those that are not published yet.' }),
    nextCursor,
  }),
);

export const noticeImpactSchema = answerSchema(
  'NoticeImpact',
  z.object({
    notice: noticeSchema,
    keys: z.int(),
    teams: z.int(),
    callingTeams: z.int().meta({ description: 'That called what it names in the last seven days.' }),
    callsThisWeek: z.int(),
    toldTeams: z.int(),
    readTeams: z.int(),
    acknowledgedTeams: z.int(),
    topTeams: z
      .array(
        z.object({
          teamId: z.string(),
          name: z.string(),
          applications: z.int(),
          keys: z.int(),
          callsThisWeek: z.int(),
          callsWeekBefore: z.int(),
          toldAt: maybeTime(),
          readAt: maybeTime(),
          acknowledgedAt: maybeTime(),
        }),
      )
      .meta({ description: 'Those that call most come first; 200 at most.' }),
  }),
);

export const reminderSchema = answerSchema('Reminder', z.object({ mails: z.int() }));

export function describeKeyOfTeam({ key, teamId, teamName, applicationName, last }: OwnerKey, nowMs: number) {
  return {
    key: describeKey(key, nowMs),
    teamId,
    teamName,
    applicationName,
    lastCalledAt: maybeTimeText(last?.lastCalledAtMs ?? null),
    lastAddress: last?.lastAddress ?? null,
  };
}

export function describeOverview({ notice, told, read, acknowledged }: NoticeOverview, publicUrl: string) {
  return { notice: describeNotice(notice, publicUrl), told, read, acknowledged };
}

export function describeImpact({ notice, impact, teams, ...told }: ImpactReport, publicUrl: string) {
  return {
    notice: describeNotice(notice, publicUrl),
    keys: impact.keys,
    teams: impact.teams,
    callingTeams: impact.callingTeams,
    callsThisWeek: impact.callsThisWeek,
    toldTeams: told.toldTeams,
    readTeams: told.readTeams,
    acknowledgedTeams: told.acknowledgedTeams,
    topTeams: teams.map((team) => ({
      teamId: team.teamId,
      name: team.name,
      applications: team.applications,
      keys: team.keys,
      callsThisWeek: team.callsThisWeek,
      callsWeekBefore: team.callsWeekBefore,
      toldAt: maybeTimeText(team.toldAtMs),
      readAt: maybeTimeText(team.readAtMs),
      acknowledgedAt: maybeTimeText(team.acknowledgedAtMs),
    })),
  };
}
