import type { Actor } from '../accounts/account.ts';
import type { Clock } from '../platform/clock.ts';
import { type FindReachedDeps, findReached } from './find-reached.ts';
import { type Notice, wordingOf } from './notice.ts';
import type { NoticeAudienceStore } from './notice-audience-store.ts';
import { type NoticeImpact, type TeamImpact, summarize } from './notice-impact.ts';
import type { NoticeLibrary } from './notice-library.ts';
import type { NoticeResponseStore, TeamResponse } from './notice-response-store.ts';

export interface ReportImpactDeps extends FindReachedDeps {
  audience: Pick<NoticeAudienceStore, 'holders' | 'teamNames'>;
  responses: Pick<NoticeResponseStore, 'responses'>;
}

/** Whom a notice concerns, also one that stands in no list yet. Reads everybody: it may take a second. */
export type ImpactReader = (notice: Notice, nowMs: number) => Promise<ImpactReport>;

export interface NoticeImpactDeps {
  library: Pick<NoticeLibrary, 'findAny' | 'list' | 'scheduled'>;
  responses: Pick<NoticeResponseStore, 'counts'>;
  readImpact: ImpactReader;
  clock: Clock;
}

export interface ImpactReport {
  notice: Notice;
  impact: Omit<NoticeImpact, 'teams'> & { teams: number };
  /** Of the teams told, read and acknowledged. */
  toldTeams: number;
  readTeams: number;
  acknowledgedTeams: number;
  /** Those that call most, `TEAMS_SHOWN` at most. */
  teams: readonly TeamReport[];
}

export interface TeamReport extends TeamImpact, TeamResponse {
  name: string;
}

/** People told and read, teams that acknowledged, of the present wording. */
export interface NoticeOverview {
  notice: Notice;
  told: number;
  read: number;
  acknowledged: number;
}

export const TEAMS_SHOWN = 200;

/** Whom a notice concerns, and what they have done about it; also before it is published. Owners only. */
export async function readNoticeImpact(
  deps: NoticeImpactDeps,
  actor: Pick<Actor, 'role'>,
  slug: string,
): Promise<ImpactReport | null> {
  const notice = actor.role === 'owner' ? deps.library.findAny(slug) : null;
  return notice && deps.readImpact(notice, deps.clock.nowMs());
}

/** In this thread. */
export function createImpactReader(deps: ReportImpactDeps): ImpactReader {
  return async (notice, nowMs) => {
    const { teams, ...impact } = summarize(await findReached(deps, notice, null, nowMs));
    const responses = await deps.responses.responses(wordingOf(notice));
    const shown = teams.slice(0, TEAMS_SHOWN);
    const names = await deps.audience.teamNames(shown.map(({ teamId }) => teamId));
    const count = (did: keyof TeamResponse): number =>
      teams.filter(({ teamId }) => (responses.get(teamId)?.[did] ?? null) !== null).length;
    return {
      notice,
      impact: { ...impact, teams: teams.length },
      toldTeams: count('toldAtMs'),
      readTeams: count('readAtMs'),
      acknowledgedTeams: count('acknowledgedAtMs'),
      teams: shown.map((team) => ({
        ...team,
        ...(responses.get(team.teamId) ?? NO_RESPONSE),
        name: names.get(team.teamId) ?? team.teamId,
      })),
    };
  };
}

/** Every notice with what people did about it; scheduled ones first. Owners only. */
export async function readNoticeOverview(
  { library, responses }: Pick<NoticeImpactDeps, 'library' | 'responses'>,
  actor: Pick<Actor, 'role'>,
): Promise<readonly NoticeOverview[]> {
  if (actor.role !== 'owner') return [];
  const counts = await responses.counts();
  return [...library.scheduled(), ...library.list()].map((notice) => {
    const { slug, revisionAtMs } = wordingOf(notice);
    const found = counts.find((one) => one.slug === slug && one.revisionAtMs === revisionAtMs);
    return { notice, told: found?.told ?? 0, read: found?.read ?? 0, acknowledged: found?.acknowledged ?? 0 };
  });
}

const NO_RESPONSE: TeamResponse = { toldAtMs: null, readAtMs: null, acknowledgedAtMs: null };
