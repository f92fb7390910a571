import type { ApiUsageStore, CallsQuestion } from '../usage/api-usage-store.ts';
import type { Affected, Notice } from './notice.ts';
import type { NoticeAudienceStore } from './notice-audience-store.ts';
import { type Holder, type KeyCalls, NO_CALLS, type Reached, WEEK_MS, reachOf, reasonFor } from './notice-impact.ts';

export interface FindReachedDeps {
  audience: Pick<NoticeAudienceStore, 'holders'>;
  usage: Pick<ApiUsageStore, 'callsByKey'>;
}

/** @param teamIds null asks for everybody */
export async function findReached(
  deps: FindReachedDeps,
  notice: Notice,
  teamIds: readonly string[] | null,
  nowMs: number,
): Promise<Reached[]> {
  const reached: Reached[] = [];
  for (const affected of notice.affects) {
    const holders = await holdersOf(deps, affected.api, teamIds, nowMs);
    const applicationIds = teamIds && [...new Set(holders.map(({ applicationId }) => applicationId))];
    const rows = await deps.usage.callsByKey(callsQuestion(notice, affected, applicationIds, nowMs));
    const known = new Set(holders.map(({ key }) => key?.id));
    const strangers = rows.filter(({ keyId, named }) => named > 0 && !known.has(keyId)).map(({ keyId }) => keyId);
    const former = await deps.audience.holders(affected.api, { kind: 'keys', keyIds: strangers }, nowMs);
    const callsOf = keyCalls(rows);
    for (const holder of [...holders, ...former]) {
      const calls = callsOf(holder);
      const reason = reasonFor(notice, affected, holder, calls, nowMs);
      if (reason !== null) reached.push({ holder, affected, reason, calls });
    }
  }
  return reached;
}

/** What to ask of the usage to learn whom a part of a notice concerns. */
export function callsQuestion(
  notice: Notice,
  { api, versions, operations }: Affected,
  applicationIds: readonly string[] | null,
  nowMs: number,
): CallsQuestion {
  const { sinceMs, untilMs } = reachOf(notice, nowMs);
  return { apiSlug: api, versions, operations, applicationIds, sinceMs, untilMs, weekStartMs: nowMs - WEEK_MS };
}

function holdersOf(
  { audience }: FindReachedDeps,
  apiSlug: string,
  teamIds: readonly string[] | null,
  nowMs: number,
): Promise<readonly Holder[]> {
  return audience.holders(apiSlug, teamIds ? { kind: 'teams', teamIds } : { kind: 'subscribed' }, nowMs);
}

/** `any` is of the application: a rotated key's successor is no newcomer. */
function keyCalls(rows: readonly ({ applicationId: string; keyId: string } & KeyCalls)[]): (of: Holder) => KeyCalls {
  const byKey = new Map(rows.map((row) => [row.keyId, row]));
  const anyOf = new Map<string, number>();
  for (const { applicationId, any } of rows) anyOf.set(applicationId, (anyOf.get(applicationId) ?? 0) + any);
  return ({ applicationId, key }) => ({
    ...(byKey.get(key?.id ?? '') ?? NO_CALLS),
    any: anyOf.get(applicationId) ?? 0,
  });
}
