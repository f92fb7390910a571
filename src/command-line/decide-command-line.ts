import { ACCESS_TOKENS_PER_ACCOUNT, accessTokenStateAt, isOwnerScope } from '../access-tokens/access-token.ts';
import type { AccessTokenStore } from '../access-tokens/access-token-store.ts';
import type { Actor, RequestOrigin } from '../accounts/account.ts';
import { commandLineCodeAllowance } from '../accounts/allowance.ts';
import type { AllowanceStore } from '../accounts/allowance-store.ts';
import type { CommandLineDeps } from './begin-command-line.ts';
import {
  type CommandLineGrant,
  type CommandLineSignIn,
  type DecideCommandLineResult,
  type FindCommandLineResult,
  hashCommandLineCode,
} from './command-line-sign-in.ts';
import type { CommandLineDecision } from './decide-command-line.form.ts';

/** The program behind a code that a person has typed in; tries of one account are few. */
export async function findCommandLine(
  deps: CommandLineDeps & { allowances: AllowanceStore },
  actor: Actor,
  userCode: string,
  { address }: RequestOrigin,
): Promise<FindCommandLineResult> {
  const nowMs = deps.clock.nowMs();
  const limited = await limitTries(deps, actor, nowMs);
  if (limited) return limited;
  const signIn = await deps.commandLine.findOpen(hashOf(deps, userCode), nowMs);
  if (!signIn) return { ok: false, reason: 'unknown_code' };
  return { ok: true, signIn, userCode, isElsewhere: signIn.address !== address };
}

/**
 * Allows or refuses it. Somebody who sends their own code to a person wants a token for their own computer
 * (RFC 8628, 5.4): when the program asked from another address than the person's, the person has to say that they mean it.
 */
export async function decideCommandLine(
  deps: CommandLineDeps & { allowances: AllowanceStore; accessTokens: Pick<AccessTokenStore, 'list'> },
  actor: Actor,
  decision: CommandLineDecision,
  origin: RequestOrigin,
): Promise<DecideCommandLineResult> {
  const nowMs = deps.clock.nowMs();
  const limited = await limitTries(deps, actor, nowMs);
  if (limited) return limited;
  const signIn = await deps.commandLine.findOpen(hashOf(deps, decision.userCode), nowMs);
  if (!signIn) return { ok: false, reason: 'unknown_code' };
  let grant: CommandLineGrant | null = null;
  if (decision.isAllowed) {
    const { name, scopes, expiresInDays } = decision;
    if (actor.role !== 'owner' && scopes.some(isOwnerScope)) return { ok: false, reason: 'owners_only' };
    if (signIn.address !== origin.address && !decision.isElsewhereConfirmed) {
      return { ok: false, reason: 'address_not_confirmed' };
    }
    const tokens = await deps.accessTokens.list(actor.accountId);
    const working = tokens.filter((token) => accessTokenStateAt(token, nowMs) === 'active');
    const limit = ACCESS_TOKENS_PER_ACCOUNT;
    if (working.length >= limit) return { ok: false, reason: 'too_many_tokens', limit };
    grant = { accountId: actor.accountId, name, scopes, expiresInDays };
  }
  const isDecided = await deps.commandLine.decideIfOpen(signIn.id, grant, auditRecord(actor, signIn, grant, nowMs));
  return isDecided ? { ok: true, signIn } : { ok: false, reason: 'unknown_code' };
}

/** Every code counts, wherever it is sent to, so that nobody can find one by trying. */
async function limitTries({ allowances }: { allowances: AllowanceStore }, { accountId }: Actor, nowMs: number) {
  const waitMs = await allowances.take([commandLineCodeAllowance(accountId)], nowMs);
  if (waitMs === 0) return null;
  const reason = 'too_many_requests' as const;
  return { ok: false as const, reason, retryAfterSeconds: Math.ceil(waitMs / 1000) };
}

function auditRecord(actor: Actor, signIn: CommandLineSignIn, grant: CommandLineGrant | null, atMs: number) {
  const { deviceName: device, address: askedFrom } = signIn;
  return {
    atMs,
    actor: actor.accountId,
    action: grant ? 'access_token.allowed' : 'access_token.refused',
    subject: signIn.id,
    teamId: null,
    details: { device, askedFrom, ...(grant && { name: grant.name, scopes: grant.scopes }) },
  };
}

function hashOf({ sessionSecret }: CommandLineDeps, userCode: string): string {
  return hashCommandLineCode(sessionSecret, 'person', userCode);
}
