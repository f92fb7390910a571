import type { Actor } from '../accounts/account.ts';
import type { Clock } from '../platform/clock.ts';
import { type Random, newId } from '../platform/random.ts';
import type { PolicyDraft } from './draft-policy.form.ts';
import type { PolicyScopeStore } from './policy-scope-store.ts';
import type { PolicyStore } from './policy-store.ts';
import type { SecurityPolicy } from './policy.ts';

export type DraftPolicyResult =
  { ok: true; policy: SecurityPolicy } | { ok: false; reason: 'not_found' | 'unknown_scope' | 'changed_meanwhile' };

export interface DraftPolicyDeps {
  policies: PolicyStore;
  scopes: PolicyScopeStore;
  clock: Clock;
  random: Random;
}

/** Writes a new draft, which nobody but owners sees. */
export async function draftPolicy(deps: DraftPolicyDeps, actor: Actor, draft: PolicyDraft): Promise<DraftPolicyResult> {
  const { policies, scopes, clock, random } = deps;
  if (!(await scopes.exists(draft))) return { ok: false, reason: 'unknown_scope' };
  const createdAtMs = clock.nowMs();
  const id = newId(random, 'pol');
  const about = { atMs: createdAtMs, actor: actor.accountId, action: 'policy.drafted', subject: id, teamId: null };
  const details = { title: draft.title, rules: draft.rules.map(({ kind }) => kind) };
  const slug = slugOf(draft.title);
  // The third try cannot be taken: the id is random.
  for (const tried of [slug, `${slug}-${new Date(createdAtMs).toISOString().slice(0, 10)}`, `${slug}-${idTail(id)}`]) {
    const base = { id, slug: tried, stage: 'draft', createdAtMs, replannedAtMs: null, revision: 1 } as const;
    const policy: SecurityPolicy = { ...draft, ...base };
    if (await policies.add(policy, { ...about, details })) return { ok: true, policy };
  }
  return { ok: false, reason: 'changed_meanwhile' };
}

/**
 * Replaces a draft, if it is still as its writer saw it; what was announced is not changed any more but withdrawn and
 * written anew.
 */
export async function redraftPolicy(
  { policies, scopes, clock }: DraftPolicyDeps,
  actor: Actor,
  policyId: string,
  { draft, revision }: { draft: PolicyDraft; revision: number },
): Promise<DraftPolicyResult> {
  const policy = await policies.find(policyId);
  if (!policy) return { ok: false, reason: 'not_found' };
  if (policy.stage !== 'draft' || policy.revision !== revision) return { ok: false, reason: 'changed_meanwhile' };
  if (!(await scopes.exists(draft))) return { ok: false, reason: 'unknown_scope' };
  const changed = { ...policy, ...draft };
  const about = { atMs: clock.nowMs(), actor: actor.accountId, action: 'policy.redrafted', subject: policy.id };
  const details = { title: draft.title, rules: draft.rules.map(({ kind }) => kind) };
  const isDone = await policies.change(changed, { ...about, teamId: null, details });
  return isDone ? { ok: true, policy: changed } : { ok: false, reason: 'changed_meanwhile' };
}

/** "Live keys need an allowlist" -> `live-keys-need-an-allowlist` */
function slugOf(title: string): string {
  const plain = title
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-');
  const slug = plain.slice(0, 60).replaceAll(/^-|-$/g, '');
  return slug === '' ? 'policy' : slug;
}

function idTail(id: string): string {
  return id.slice(4, 16).toLowerCase();
}
