import { allowsScope, isOwnerScope } from '../access-tokens/access-token.ts';
import type { RequestOrigin } from '../accounts/account.ts';
import type { Portal } from '../portal/portal.ts';
import type { Problem } from '../platform/problem.ts';
import type { RateState } from './gate.ts';
import type { Access, AnyOperation, Caller } from './operation.ts';
import { problemOf } from './refusals.ts';

export type Authorised =
  | { ok: true; caller: Caller; token: string; rate: RateState }
  | { ok: false; problem: Problem; headers: Readonly<Record<string, string>>; rate: RateState | null };

/** RFC 6750, section 2.1. */
const BEARER = /^Bearer +([\w.~+/-]+=*)$/i;
const CHALLENGE = 'Bearer realm="Gatehouse"';

/** Who presents the access token, and whether it may do what the operation does. Everything else is refused. */
export async function authorise(
  portal: Portal,
  operation: AnyOperation,
  request: Request,
  origin: RequestOrigin,
): Promise<Authorised> {
  const authorization = request.headers.get('authorization');
  if (authorization === null) return refused('missing_access_token', CHALLENGE);
  const invalid = `${CHALLENGE}, error="invalid_token"`;
  const token = BEARER.exec(authorization)?.[1];
  if (token === undefined) return refused('access_token_not_active', invalid);
  const entry = await portal.management.enter(token, origin);
  if (!entry.ok && entry.reason === 'not_active') return refused('access_token_not_active', invalid);
  if (!entry.ok) {
    const { rate } = entry;
    const headers = { 'Retry-After': String(rate.resetSeconds) };
    return { ok: false, problem: problemOf('management_rate_limited'), headers, rate };
  }
  const { caller, rate } = entry;
  const { access } = operation;
  if (access !== 'any token' && !mayUse(access, caller)) {
    const challenge = `${CHALLENGE}, error="insufficient_scope", scope="${access}"`;
    const problem = problemOf('access_token_scope_missing', undefined, { scope: access });
    return { ok: false, problem, headers: { 'WWW-Authenticate': challenge }, rate };
  }
  return { ok: true, caller: callerOf(caller, operation, portal.nowMs()), token, rate };
}

type Entered = Extract<Awaited<ReturnType<Portal['management']['enter']>>, { ok: true }>['caller'];

function mayUse(access: Access, { account, accessToken }: Entered): boolean {
  if (access === 'public' || access === 'api key' || access === 'any token') return false;
  if (isOwnerScope(access) && account.role !== 'owner') return false;
  return allowsScope(accessToken.scopes, access);
}

/**
 * The rights of this one call: an owner only where the operation wants a scope of owners, and in each team those of the
 * account's role. Widening a key asks for a recent sign-in, which a token that may widen stands for.
 */
function callerOf(entered: Entered, { access }: AnyOperation, nowMs: number): Caller {
  const { account, accessToken, teams } = entered;
  const actor = {
    accountId: account.id,
    email: account.email,
    role: isForOwners(access) ? account.role : ('developer' as const),
    emailVerified: account.emailVerifiedAtMs !== null,
    teamIds: teams.map(({ id }) => id),
    teamRoles: new Map(teams.map(({ id, role }) => [id, role] as const)),
    signedInAtMs: allowsScope(accessToken.scopes, 'keys:widen') ? nowMs : 0,
  };
  return { actor, account, teams, accessToken };
}

function isForOwners(access: Access): boolean {
  return access !== 'public' && access !== 'api key' && access !== 'any token' && isOwnerScope(access);
}

function refused(code: 'missing_access_token' | 'access_token_not_active', challenge: string): Authorised {
  return { ok: false, problem: problemOf(code), headers: { 'WWW-Authenticate': challenge }, rate: null };
}
