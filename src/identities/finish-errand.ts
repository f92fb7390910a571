import { signUpAllowance } from '../accounts/allowance.ts';
import type { AllowanceStore } from '../accounts/allowance-store.ts';
import { type Account, PENDING_SIGN_IN_MS, type RequestOrigin, type SignedIn } from '../accounts/account.ts';
import { newAccount } from '../accounts/new-account.ts';
import { newSession } from '../sessions/new-session.ts';
import { newToken } from '../email-addresses/one-time-token.ts';
import { NO_PASSWORD_HASH } from '../passwords/password-hasher.ts';
import { type PendingSignInStore, hashPendingToken } from '../sign-in/pending-sign-in-store.ts';
import type { Change, SecondFactorStore } from '../second-step/second-factor-store.ts';
import type { Sessions } from '../sessions/sessions.ts';
import { type OpenedErrand, openErrand } from './errand-ticket.ts';
import type { IdentityProvider } from './identity-provider.ts';
import type { IdentityStore } from './identity-store.ts';
import {
  type FinishErrandFailure,
  type FinishErrandResult,
  type ProvenIdentity,
  decideUnknown,
  readableLabel,
} from './identity.ts';
import { type ErrandDeps, maxAgeOf, redirectUriOf } from './start-errand.ts';
import type { UsedTicketStore } from './used-ticket-store.ts';

export interface FinishErrandDeps extends ErrandDeps {
  identities: IdentityStore;
  usedTickets: UsedTicketStore;
  allowances: AllowanceStore;
  secondFactors: SecondFactorStore;
  pendingSignIns: PendingSignInStore;
  sessions: Sessions;
}

export interface Returned {
  provider: string;
  /** The query that the provider sent somebody back with, without `?`. */
  query: string;
  /** The cookie of `startErrand`. */
  ticket: string;
}

interface Claimant {
  signedIn: Pick<SignedIn, 'actor' | 'sessionId'> | null;
  origin: RequestOrigin;
  formerSessionToken: string | null;
}

interface Failure {
  ok: false;
  reason: FinishErrandFailure;
}

/** What becomes of somebody who comes back from a provider. A second factor that is on here is asked for all the same. */
export async function finishErrand(
  deps: FinishErrandDeps,
  returned: Returned,
  claimant: Claimant,
): Promise<FinishErrandResult> {
  const provider = deps.providers.find((known) => known.id === returned.provider);
  if (!provider) return failed('unknown_provider');
  const nowMs = deps.clock.nowMs();
  const sessionId = claimant.signedIn?.sessionId ?? '';
  const errand = openErrand(deps.sessionSecret, returned.ticket, { provider: provider.id, sessionId }, nowMs);
  const query = new URLSearchParams(returned.query);
  if (errand === null) return failed('expired');
  if (query.get('state') !== errand.state) return failed('expired');
  if (!(await deps.usedTickets.use(errand))) return failed('expired');
  if (query.get('error') === 'access_denied') return failed('cancelled');
  const proven = await identify(deps, provider, returned, errand);
  if (!proven) return failed('provider_failed');
  if (errand.errand === 'link') return linkToSignedIn(deps, provider, proven, claimant, nowMs);
  return enter(deps, provider, { proven, errand }, claimant, nowMs);
}

async function identify(
  deps: FinishErrandDeps,
  provider: IdentityProvider,
  { query }: Returned,
  errand: OpenedErrand,
): Promise<ProvenIdentity | null> {
  const { state, nonce, codeVerifier } = errand;
  const redirectUri = redirectUriOf(deps.publicUrl, provider.id);
  const maxAgeSeconds = maxAgeOf(errand.errand);
  try {
    const callback = new URL(`${redirectUri}?${query}`);
    const proven = await provider.identify(callback, { state, nonce, codeVerifier, redirectUri, maxAgeSeconds });
    return { ...proven, label: readableLabel(proven.label) };
  } catch (error) {
    const why = error instanceof Error ? { name: error.name, message: error.message } : {};
    deps.log.warn({ ...why, provider: provider.id }, 'what the provider of identities answered was refused');
    return null;
  }
}

async function linkToSignedIn(
  deps: FinishErrandDeps,
  provider: IdentityProvider,
  proven: ProvenIdentity,
  { signedIn, origin }: Claimant,
  nowMs: number,
): Promise<FinishErrandResult> {
  if (!signedIn?.actor.emailVerified) return failed('expired');
  const change = { accountId: signedIn.actor.accountId, address: origin.address, nowMs };
  const isLinked = await deps.identities.link(change, proven, provider.name);
  return isLinked ? { ok: true, linked: true } : failed('linked_elsewhere');
}

async function enter(
  deps: FinishErrandDeps,
  provider: IdentityProvider,
  { proven, errand }: { proven: ProvenIdentity; errand: OpenedErrand },
  claimant: Claimant,
  nowMs: number,
): Promise<FinishErrandResult> {
  const owner = await deps.identities.findOwner(proven);
  const isAgain = errand.errand === 'again';
  if (isAgain && owner?.id !== claimant.signedIn?.actor.accountId) return failed('other_account');
  const found = owner ? { ok: true as const, account: owner } : await meet(deps, provider, proven, claimant, nowMs);
  if (!found.ok) return found;
  const { account } = found;
  if (account.suspendedAtMs !== null) return failed('suspended');
  const { origin, formerSessionToken } = claimant;
  await deps.identities.touch({ accountId: account.id, address: origin.address, nowMs }, proven);
  if (await deps.secondFactors.isOn(account.id)) {
    const pendingToken = newToken(deps.random);
    const expiresAtMs = nowMs + PENDING_SIGN_IN_MS;
    const id = hashPendingToken(deps.sessionSecret, pendingToken);
    await deps.pendingSignIns.start({ id, accountId: account.id, expiresAtMs });
    return { ok: false, reason: 'second_factor', pendingToken, expiresAtMs, next: errand.next };
  }
  const session = await newSession(deps, account.id, { ...origin, formerSessionToken }, nowMs);
  return { ...session, next: errand.next, role: account.role };
}

/** Somebody whom nobody here knows: a new account, an account with the same confirmed address, or a refusal. */
async function meet(
  deps: FinishErrandDeps,
  provider: IdentityProvider,
  proven: ProvenIdentity,
  { origin }: Claimant,
  nowMs: number,
): Promise<{ ok: true; account: Account } | Failure> {
  const known = proven.email === null ? null : await deps.identities.findByEmail(proven.email);
  const account = known && {
    isVerified: known.emailVerifiedAtMs !== null,
    isSuspended: known.suspendedAtMs !== null,
    hasSecondFactor: await deps.secondFactors.isOn(known.id),
  };
  const decision = decideUnknown(proven, { account });
  if (decision === 'link' && known) {
    const change: Change = { accountId: known.id, address: origin.address, nowMs };
    await deps.identities.link(change, proven, provider.name);
    return { ok: true, account: known };
  }
  if (decision !== 'create' || proven.email === null)
    return failed(decision === 'email_not_verified' ? decision : 'sign_in_first');
  if ((await deps.allowances.take([signUpAllowance(origin.address)], nowMs)) > 0) return failed('too_many_sign_ups');
  const given = { email: proven.email, passwordHash: NO_PASSWORD_HASH, role: 'developer', origin, nowMs } as const;
  if (!(await deps.identities.create(newAccount(deps.random, given), proven, provider.name))) return failed('expired');
  const created = await deps.identities.findOwner(proven);
  return created ? { ok: true, account: created } : failed('expired');
}

function failed(reason: FinishErrandFailure): Failure {
  return { ok: false, reason };
}
