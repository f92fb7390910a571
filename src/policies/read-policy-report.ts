import type { AuditEntry } from '../audit/audit-log.ts';
import type { PolicyCountStore } from './policy-count-store.ts';
import type { PolicyStageStore } from './policy-stage-store.ts';
import type { SecurityPolicy } from './policy.ts';
import type { PolicyRuleKind } from './policy-rule.ts';
import { type LookBackDays, type PolicyImpactDeps, readPolicyImpact } from './read-policy-impact.ts';
import type { HitKey, PolicyImpact } from './simulate-policy.ts';

/** One team and what became of its keys since it was told. */
export interface PolicyTeam {
  teamId: string;
  teamName: string;
  /** null: it was not, because none of its keys was hit then. */
  toldAtMs: number | null;
  /** Keys that were hit when the team was told. */
  told: number;
  /** Those of them that are not hit any more. */
  fixed: number;
  /** Keys that are hit now, whether told or not. */
  still: number;
  /** Recorded calls of these that would be refused. */
  calls: number;
}

/** What verifiers counted of calls that broke a policy since it was observed. */
export interface CountedKey {
  keyId: string;
  rule: PolicyRuleKind;
  outcome: 'observed' | 'warned' | 'refused';
  calls: number;
  lastStartMs: number;
}

export interface PolicyReport {
  policy: SecurityPolicy;
  days: LookBackDays;
  impact: PolicyImpact;
  teams: readonly PolicyTeam[];
  /** The busiest first. */
  counted: readonly CountedKey[];
  history: readonly AuditEntry[];
}

export interface PolicyReportDeps extends PolicyImpactDeps {
  counts: Pick<PolicyCountStore, 'manners' | 'broken'>;
  stages: Pick<PolicyStageStore, 'told'>;
  audit: { entriesOf(subject: string, limit: number): Promise<readonly AuditEntry[]> };
}

const MOST_HISTORY = 100;

/** All that an owner sees of one policy. */
export async function readPolicyReport(
  deps: PolicyReportDeps,
  policy: SecurityPolicy,
  days: LookBackDays,
  nowMs: number,
): Promise<PolicyReport> {
  const impact = await readPolicyImpact(deps, policy, { days, teamIds: null, nowMs });
  const broken = await deps.counts.broken(policy.id, 0);
  return {
    policy,
    days,
    impact,
    teams: await readTeams(deps, policy, impact.keys),
    counted: broken
      .map((sum) => ({ ...sum, rule: sum.rule as PolicyRuleKind }))
      .sort((a, b) => b.calls - a.calls || a.keyId.localeCompare(b.keyId, 'en')),
    history: await deps.audit.entriesOf(policy.id, MOST_HISTORY),
  };
}

async function readTeams(
  { keys, stages }: PolicyReportDeps,
  policy: SecurityPolicy,
  hit: readonly HitKey[],
): Promise<readonly PolicyTeam[]> {
  const told = await stages.told(policy.id);
  const hitIds = new Set(hit.map(({ keyId }) => keyId));
  const names = new Map(hit.map(({ teamId, teamName }) => [teamId, teamName]));
  const unnamed = [...new Set(told.map(({ teamId }) => teamId))].filter((teamId) => !names.has(teamId));
  if (unnamed.length > 0) for (const key of await keys.list(unnamed)) names.set(key.teamId, key.teamName);
  const teamIds = new Set([...told.map(({ teamId }) => teamId), ...names.keys()]);
  const teams = [...teamIds].map((teamId): PolicyTeam => {
    const ownTold = told.filter((key) => key.teamId === teamId);
    const ownHit = hit.filter((key) => key.teamId === teamId);
    return {
      teamId,
      teamName: names.get(teamId) ?? teamId,
      toldAtMs: ownTold[0]?.toldAtMs ?? null,
      told: ownTold.length,
      fixed: ownTold.filter(({ keyId }) => !hitIds.has(keyId)).length,
      still: ownHit.length,
      calls: ownHit.reduce((sum, { calls }) => sum + calls, 0),
    };
  });
  return teams.sort((a, b) => b.calls - a.calls || b.still - a.still || a.teamName.localeCompare(b.teamName, 'en'));
}
