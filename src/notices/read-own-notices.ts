import type { Actor } from '../accounts/account.ts';
import type { Operation } from '../catalog/api.ts';
import type { Clock } from '../platform/clock.ts';
import { mayInTeam } from '../teams/role.ts';
import type { ApiUsageStore, NamedOperationCalls } from '../usage/api-usage-store.ts';
import { type FindReachedDeps, callsQuestion, findReached } from './find-reached.ts';
import { type Notice, wordingOf } from './notice.ts';
import type { Reached } from './notice-impact.ts';
import type { NoticeLibrary } from './notice-library.ts';
import type { NoticeResponseStore } from './notice-response-store.ts';
import type { OwnKey, OwnNotice } from './own-notice.ts';

export interface OwnNoticesDeps extends FindReachedDeps {
  library: Pick<NoticeLibrary, 'list' | 'find'>;
  usage: ApiUsageStore;
  responses: Pick<NoticeResponseStore, 'acknowledgements'>;
  catalog: { operations(slug: string, version: string): Promise<readonly Operation[]> };
  clock: Clock;
}

type Reader = Pick<Actor, 'teamIds' | 'teamRoles'>;

/** The published notices that concern the actor's teams, newest first. */
export async function readOwnNotices(deps: OwnNoticesDeps, actor: Reader): Promise<OwnNotice[]> {
  const own: OwnNotice[] = [];
  for (const notice of deps.library.list()) {
    const found = await readOwnNotice(deps, actor, notice);
    if (found) own.push(found);
  }
  return own;
}

/** What a notice means to the actor's teams; null when it does not concern them. */
export async function readOwnNotice(deps: OwnNoticesDeps, actor: Reader, notice: Notice): Promise<OwnNotice | null> {
  const nowMs = deps.clock.nowMs();
  const reached = await findReached(deps, notice, actor.teamIds, nowMs);
  if (reached.length === 0) return null;
  return {
    notice,
    keys: await ownKeys(deps, notice, reached, nowMs),
    ...(await acknowledgement(deps, actor, notice, reached)),
    callsThisWeek: reached.reduce((sum, { calls }) => sum + calls.namedThisWeek, 0),
  };
}

async function ownKeys(
  { usage, catalog }: OwnNoticesDeps,
  notice: Notice,
  reached: readonly Reached[],
  nowMs: number,
): Promise<OwnKey[]> {
  const keys: OwnKey[] = [];
  for (const affected of notice.affects) {
    const here = reached.filter((one) => one.affected === affected);
    const callers = here.filter(({ calls }) => calls.named > 0);
    const applicationIds = [...new Set(callers.map(({ holder }) => holder.applicationId))];
    const keyIds = callers.map(({ holder }) => holder.key?.id ?? '');
    const rows = await usage.callsByOperation(callsQuestion(notice, affected, applicationIds, nowMs), keyIds);
    const nameOf = await operationNames(catalog, affected.api, rows);
    for (const { holder, reason } of here) {
      const { applicationId, applicationName, key } = holder;
      const calls = rows
        .filter(({ keyId }) => keyId === key?.id)
        .map((row) => ({ what: nameOf(row), calls: row.calls, callsThisWeek: row.callsThisWeek }));
      keys.push({ applicationId, applicationName, keyId: key?.id ?? null, keyName: key?.name ?? null, reason, calls });
    }
  }
  return keys;
}

/** `GET /v1/parcels`, or API and version where a call matched no operation. */
async function operationNames(
  catalog: OwnNoticesDeps['catalog'],
  apiSlug: string,
  rows: readonly NamedOperationCalls[],
): Promise<(row: NamedOperationCalls) => string> {
  const names = new Map<string, string>();
  for (const version of new Set(rows.map((row) => row.version))) {
    for (const { operationId, method, path } of await catalog.operations(apiSlug, version))
      names.set(`${version} ${operationId}`, `${method} /${version}${path}`);
  }
  return ({ version, operationId }) => names.get(`${version} ${operationId}`) ?? `${apiSlug} ${version}`;
}

/** When the last of the teams that a notice concerns acknowledged it, and whether the actor is waited for. */
async function acknowledgement(
  { responses }: OwnNoticesDeps,
  actor: Reader,
  notice: Notice,
  reached: readonly Reached[],
): Promise<Pick<OwnNotice, 'acknowledgedAtMs' | 'awaitsReader'>> {
  const { slug, revisionAtMs } = wordingOf(notice);
  const teamIds = [...new Set(reached.map(({ holder }) => holder.teamId))];
  const found = (await responses.acknowledgements(teamIds)).filter(
    (one) => one.slug === slug && one.revisionAtMs === revisionAtMs,
  );
  const done = new Set(found.map(({ teamId }) => teamId));
  return {
    acknowledgedAtMs: found.length === teamIds.length ? Math.max(...found.map(({ atMs }) => atMs)) : null,
    awaitsReader: teamIds.some((teamId) => !done.has(teamId) && mayInTeam(actor, teamId, 'manage')),
  };
}
