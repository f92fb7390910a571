import { type Affected, type Notice, latestOf } from './notice.ts';

const DAY_MS = 86_400_000;

/** So long a call counts; who has not called for longer has moved. */
export const REACH_MS = 90 * DAY_MS;
export const WEEK_MS = 7 * DAY_MS;

/** An application and one of its keys. */
export interface Holder {
  teamId: string;
  applicationId: string;
  applicationName: string;
  /** When it subscribed to the API; null when it is not subscribed now. */
  subscribedAtMs: number | null;
  /** Slug of the plan that it is subscribed to; null when it is not subscribed now. */
  plan: string | null;
  /** null for an application without keys. */
  key: HeldKey | null;
}

export interface HeldKey {
  id: string;
  name: string;
  createdAtMs: number;
  /** Neither revoked nor expired. */
  isWorking: boolean;
}

/** Calls of a key to one API that were allowed, or refused because the version has ended. */
export interface KeyCalls {
  /** Of what a notice names, within its reach. */
  named: number;
  /** Of what a notice names, in the last seven days and in the seven before. */
  namedThisWeek: number;
  namedWeekBefore: number;
  /** Of anything of the API by any key of the application, within the reach. */
  any: number;
}

export const NO_CALLS: KeyCalls = { named: 0, namedThisWeek: 0, namedWeekBefore: 0, any: 0 };

/** Why a notice concerns somebody. */
export type Reason = 'calls' | 'new_key' | 'subscribed' | 'named';

/** One application that a notice concerns, by one of its keys or as a whole. */
export interface Reached {
  holder: Holder;
  affected: Affected;
  reason: Reason;
  calls: KeyCalls;
}

/** Calls between these moments tell whom a notice concerns. */
export interface Reach {
  sinceMs: number;
  untilMs: number;
}

/** What is over concerns those who called before; everything else also those who call now. */
export function reachOf(notice: Notice, nowMs: number): Reach {
  const untilMs = Math.min(overSinceMs(notice) ?? nowMs, nowMs);
  return { sinceMs: untilMs - REACH_MS, untilMs };
}

/** An advisory is over where it names a fix, since it was told; an incident when it is resolved. */
function overSinceMs(notice: Notice): number | null {
  if (notice.kind === 'advisory') return notice.fixedIn === null ? null : notice.publishedAtMs;
  const latest = notice.kind === 'incident' ? latestOf(notice) : null;
  return latest?.status === 'resolved' ? latest.atMs : null;
}

/**
 * The rule. A notice concerns
 * - `calls`: who called what it names in the 90 days of its reach; but for advisories only who still can;
 * - `named`: whose working key it names;
 * - `subscribed`: who is subscribed to an API of which it names everything;
 * - `new_key`: unless it is over, who is subscribed and has a working key of the last 90 days, but has called nothing
 *   of this API yet, so that nobody knows what it will call.
 * Where it names plans or keys, it concerns nobody else.
 */
export function reasonFor(
  notice: Notice,
  affected: Affected,
  { key, plan, subscribedAtMs }: Holder,
  calls: KeyCalls,
  nowMs: number,
): Reason | null {
  if (!isAmong(affected.plans, plan) || !isAmong(affected.keys, key?.id ?? null)) return null;
  const { sinceMs, untilMs } = reachOf(notice, nowMs);
  const isSubscribed = subscribedAtMs !== null && subscribedAtMs <= untilMs;
  if (calls.named > 0 && (notice.kind === 'advisory' || (isSubscribed && key?.isWorking === true))) return 'calls';
  if (!isSubscribed) return null;
  if ((affected.keys ?? []).length > 0) return key?.isWorking === true ? 'named' : null;
  if (affected.versions.length === 0 && affected.operations.length === 0) return 'subscribed';
  const isNew = key?.isWorking === true && key.createdAtMs > sinceMs;
  return isNew && calls.any === 0 && overSinceMs(notice) === null ? 'new_key' : null;
}

function isAmong(named: readonly string[] | undefined, one: string | null): boolean {
  return named === undefined || named.length === 0 || (one !== null && named.includes(one));
}

/** What a notice means to everybody, in numbers. */
export interface NoticeImpact {
  keys: number;
  /** Those that call most come first. */
  teams: readonly TeamImpact[];
  /** Of the last seven days. */
  callingTeams: number;
  callsThisWeek: number;
}

export interface TeamImpact {
  teamId: string;
  applications: number;
  keys: number;
  callsThisWeek: number;
  callsWeekBefore: number;
}

export function summarize(reached: readonly Reached[]): NoticeImpact {
  const byTeam = new Map<string, Reached[]>();
  for (const one of reached) {
    const { teamId } = one.holder;
    const others = byTeam.get(teamId);
    if (others) others.push(one);
    else byTeam.set(teamId, [one]);
  }
  const teams = Array.from(byTeam, ([teamId, own]) => teamImpact(teamId, own));
  teams.sort((a, b) => b.callsThisWeek - a.callsThisWeek || (a.teamId < b.teamId ? -1 : 1));
  return {
    keys: teams.reduce((sum, { keys }) => sum + keys, 0),
    teams,
    callingTeams: teams.filter(({ callsThisWeek }) => callsThisWeek > 0).length,
    callsThisWeek: teams.reduce((sum, { callsThisWeek }) => sum + callsThisWeek, 0),
  };
}

function teamImpact(teamId: string, reached: readonly Reached[]): TeamImpact {
  const [first, second] = reached;
  if (first && !second) return { teamId, applications: 1, keys: isHeld(first) ? 1 : 0, ...weeksOf(first) };
  const keyIds = reached.filter(isHeld);
  return {
    teamId,
    applications: new Set(reached.map(({ holder }) => holder.applicationId)).size,
    keys: new Set(keyIds.map(({ holder }) => holder.key?.id)).size,
    callsThisWeek: reached.reduce((sum, { calls }) => sum + calls.namedThisWeek, 0),
    callsWeekBefore: reached.reduce((sum, { calls }) => sum + calls.namedWeekBefore, 0),
  };
}

/** Counts as a key that the notice concerns. */
function isHeld({ holder, reason }: Reached): boolean {
  return holder.key?.isWorking === true || reason === 'calls';
}

function weeksOf({ calls }: Reached): Pick<TeamImpact, 'callsThisWeek' | 'callsWeekBefore'> {
  return { callsThisWeek: calls.namedThisWeek, callsWeekBefore: calls.namedWeekBefore };
}
