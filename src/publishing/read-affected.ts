import type { Difference } from '../difference/difference.ts';
import type { NoticeAudienceStore } from '../notices/notice-audience-store.ts';
import type { ApiUsageStore } from '../usage/api-usage-store.ts';
import type { VersionAddress } from './revision.ts';

const DAY_MS = 86_400_000;
/** Whoever called in this time counts. */
export const AFFECTED_DAYS = 30;
const KEYS_SHOWN = 100;

/** A key that called what would break. */
export interface AffectedKey {
  keyId: string;
  keyName: string;
  applicationName: string;
  teamName: string;
  calls: number;
}

export interface Affected {
  keys: number;
  teams: number;
  calls: number;
  /** Those that call most. */
  busiest: readonly AffectedKey[];
}

export interface AffectedDeps {
  usage: Pick<ApiUsageStore, 'callsByKey'>;
  audience: Pick<NoticeAudienceStore, 'holders' | 'teamNames'>;
}

export const NOBODY: Affected = { keys: 0, teams: 0, calls: 0, busiest: [] };

/** Ids, in the older document, of the operations that were removed or that break their callers. */
export function brokenOperations({ operations }: Difference): string[] {
  return operations.flatMap(({ kind, change, level, operationId }) =>
    kind === 'operation' && change !== 'added' && level === 'error' && operationId.old !== null
      ? [operationId.old]
      : [],
  );
}

/** Who called what these changes break, in the last 30 days. */
export async function readAffected(
  { usage, audience }: AffectedDeps,
  { slug, version }: VersionAddress,
  difference: Difference,
  nowMs: number,
): Promise<Affected> {
  const operations = brokenOperations(difference);
  if (operations.length === 0) return NOBODY;
  const times = { sinceMs: nowMs - AFFECTED_DAYS * DAY_MS, untilMs: nowMs, weekStartMs: nowMs - 7 * DAY_MS };
  const found = await usage.callsByKey({
    apiSlug: slug,
    versions: [version],
    operations,
    applicationIds: null,
    ...times,
  });
  const callers = found.filter(({ named }) => named > 0).toSorted((a, b) => b.named - a.named);
  const holders = await audience.holders(slug, { kind: 'keys', keyIds: callers.map(({ keyId }) => keyId) }, nowMs);
  const holderOf = new Map(holders.map((holder) => [holder.key?.id, holder]));
  const known = callers.flatMap(({ keyId, named }) => {
    const holder = holderOf.get(keyId);
    return holder ? [{ keyId, holder, calls: named }] : [];
  });
  const teamIds = [...new Set(known.map(({ holder }) => holder.teamId))];
  const names = await audience.teamNames(teamIds);
  return {
    keys: known.length,
    teams: teamIds.length,
    calls: known.reduce((sum, { calls }) => sum + calls, 0),
    busiest: known.slice(0, KEYS_SHOWN).map(({ keyId, holder, calls }) => ({
      keyId,
      keyName: holder.key?.name ?? '',
      applicationName: holder.applicationName,
      teamName: names.get(holder.teamId) ?? holder.teamId,
      calls,
    })),
  };
}
