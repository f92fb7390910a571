import { type Actor, RECENT_SIGN_IN_MS } from '../accounts/account.ts';
import type { Application } from '../applications/application.ts';
import type { ApplicationStore } from '../applications/application-store.ts';
import { parseCidrs, wholeFamilies } from '../platform/address-ranges.ts';
import type { Clock } from '../platform/clock.ts';
import { teamsWith } from '../teams/role.ts';
import type { ApiKey, RestrictKeyResult } from '../keys/api-key.ts';
import type { KeyReference } from '../keys/change-key.ts';
import {
  type KeyRestrictions,
  type RestrictionChange,
  type RestrictionChoices,
  applyChange,
  differenceOf,
  operationName,
} from './key-restrictions.ts';
import type { KeyRestrictionStore, Restricting } from './key-restriction-store.ts';
import type { KeyStore } from '../keys/key-store.ts';
import type { RestrictionChoiceStore } from './restriction-choice-store.ts';
import { widens } from './widens.ts';

export interface RestrictKeyDeps {
  applications: Pick<ApplicationStore, 'find'>;
  keys: Pick<KeyStore, 'find'>;
  restrictions: KeyRestrictionStore;
  restrictionChoices: RestrictionChoiceStore;
  clock: Clock;
}

type Refusal = Exclude<RestrictKeyResult, { ok: true } | { reason: 'not_found' | 'key_not_active' }>;

/** Who asks, for what, when, and what there is to choose from. */
interface Asked {
  actor: Actor;
  application: Application;
  change: RestrictionChange;
  choices: RestrictionChoices | null;
  nowMs: number;
}

/**
 * Changes what a key that has not ended may be used for; it counts from the next call on. Narrowing is always possible.
 * What lets more calls through asks for a sign-in of the last ten minutes, so that a session that somebody left open,
 * or took, cannot open a key.
 */
export async function restrictKey(
  deps: RestrictKeyDeps,
  actor: Actor,
  { applicationId, keyId, change }: KeyReference & { change: RestrictionChange },
): Promise<RestrictKeyResult> {
  const nowMs = deps.clock.nowMs();
  const teamIds = teamsWith(actor, 'manage');
  const application = await deps.applications.find(teamIds, applicationId);
  if (!application || !(await deps.keys.find(teamIds, applicationId, keyId))) return { ok: false, reason: 'not_found' };
  const choices = change.scopes || change.operations ? await deps.restrictionChoices.choices(application.id) : null;
  const asked = { actor, application, change, choices, nowMs };
  const outcome = await deps.restrictions.restrictUnlessEnded({
    keyId,
    nowMs,
    decide: (current) => decide(current, asked),
  });
  if (!outcome) return { ok: false, reason: 'key_not_active' };
  return 'refusal' in outcome ? outcome.refusal : { ok: true, key: outcome };
}

function decide(current: ApiKey, asked: Asked): Restricting<Refusal> {
  const { actor, application, change, nowMs } = asked;
  const next = applyChange(current, change);
  const { kinds, before, after } = differenceOf(current, next);
  if (kinds.length === 0) return 'nothing';
  const refusal = refuseChoice(current, next, asked);
  if (refusal) return { refusal };
  const isRecent = nowMs - actor.signedInAtMs < RECENT_SIGN_IN_MS;
  if (!isRecent && widens(current, next)) return { refusal: { ok: false, reason: 'recent_sign_in_required' } };
  const entry = { atMs: nowMs, actor: actor.accountId, subject: current.id, teamId: application.teamId };
  return {
    restrictions: next,
    changed: kinds,
    audit: { ...entry, action: 'key.restricted', details: { before, after } },
  };
}

/** What a key has already may stay, also when a plan or a document has lost it meanwhile. */
function refuseChoice(current: KeyRestrictions, next: KeyRestrictions, { change, choices }: Asked): Refusal | null {
  const scopes = new Set([...(choices?.scopes ?? []), ...current.scopes]);
  const unknownScopes = next.scopes.filter((scope) => !scopes.has(scope));
  if (unknownScopes.length > 0) return { ok: false, reason: 'unknown_scopes', scopes: unknownScopes };
  const names = new Set([...(choices?.operations ?? []), ...current.operations].map(operationName));
  const operations = next.operations.filter((operation) => !names.has(operationName(operation)));
  if (operations.length > 0) return { ok: false, reason: 'unknown_operations', operations };
  if (change.wholeInternetConfirmed) return null;
  const known = wholeFamilies(cidrsOf(current));
  const families = wholeFamilies(cidrsOf(next)).filter((family) => !known.includes(family));
  return families.length > 0 ? { ok: false, reason: 'whole_internet', families } : null;
}

function cidrsOf({ allowlist }: KeyRestrictions) {
  return parseCidrs(allowlist.map(({ cidr }) => cidr));
}
