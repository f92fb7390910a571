import { type AccountStore, createAccountStore } from '../accounts/account-store.ts';
import type { ResetPasswordResult } from '../accounts/account.ts';
import { type AllowanceStore, createAllowanceStore } from '../accounts/allowance-store.ts';
import { changePassword } from '../accounts/change-password.ts';
import { completeSignIn } from '../accounts/complete-sign-in.ts';
import { confirmEmail } from '../accounts/confirm-email.ts';
import { createFirstOwner } from '../accounts/create-first-owner.ts';
import { type EmailChangeStore, createEmailChangeStore } from '../accounts/email-change-store.ts';
import { endSessions } from '../accounts/end-sessions.ts';
import { findSession } from '../accounts/find-session.ts';
import { knownDeviceSubject, newDeviceToken } from '../accounts/known-device.ts';
import { type OneTimeTokenStore, createOneTimeTokenStore } from '../accounts/one-time-token-store.ts';
import { type PasswordHasher, createPasswordHasher } from '../accounts/password-hasher.ts';
import { type PasswordStore, createPasswordStore } from '../accounts/password-store.ts';
import { peekFirstOwner } from '../accounts/peek-first-owner.ts';
import { peekLink } from '../accounts/peek-link.ts';
import { peekPasswordReset } from '../accounts/peek-password-reset.ts';
import { type PendingSignInStore, createPendingSignInStore } from '../accounts/pending-sign-in-store.ts';
import { prepareSecondFactor } from '../accounts/prepare-second-factor.ts';
import { readAccountOverview } from '../accounts/read-account-overview.ts';
import { readSecondStep } from '../accounts/read-second-step.ts';
import { readTotpSetup } from '../accounts/read-totp-setup.ts';
import { requestEmailChange } from '../accounts/request-email-change.ts';
import { requestPasswordReset } from '../accounts/request-password-reset.ts';
import { resendVerification } from '../accounts/resend-verification.ts';
import { resetPassword } from '../accounts/reset-password.ts';
import { type SecondFactorStore, createSecondFactorStore } from '../accounts/second-factor-store.ts';
import { type SessionStore, createSessionStore } from '../accounts/session-store.ts';
import { type Sessions, createSessions } from '../accounts/sessions.ts';
import { type SignInFailureStore, createSignInFailureStore } from '../accounts/sign-in-failure-store.ts';
import { signIn } from '../accounts/sign-in.ts';
import { signOut } from '../accounts/sign-out.ts';
import { signUp } from '../accounts/sign-up.ts';
import { turnOffSecondFactor } from '../accounts/turn-off-second-factor.ts';
import { turnOnPasskeyStep } from '../accounts/turn-on-passkey-step.ts';
import { turnOnSecondFactor } from '../accounts/turn-on-second-factor.ts';
import { verifyEmail } from '../accounts/verify-email.ts';
import type { Clock } from '../platform/clock.ts';
import { type FindCountry, createCountryFinder } from '../platform/country.ts';
import type { SecondStepFor } from '../platform/sign-in-settings.ts';
import type { Random } from '../platform/random.ts';
import type { Foundation } from './foundation.ts';
import type { Portal } from './portal.ts';

export interface AccountParts {
  accounts: AccountStore;
  tokens: OneTimeTokenStore;
  failures: SignInFailureStore;
  allowances: AllowanceStore;
  passwords: PasswordStore;
  emailChanges: EmailChangeStore;
  secondFactors: SecondFactorStore;
  pendingSignIns: PendingSignInStore;
  sessionStore: SessionStore;
  sessions: Sessions;
  hasher: PasswordHasher;
  clock: Clock;
  random: Random;
  sessionSecret: Uint8Array;
  secondStepFor: SecondStepFor;
  findCountry: FindCountry;
  publicUrl: string;
}

export function createAccountParts({ config, databases: { portal }, clock, random }: Foundation): AccountParts {
  const { sessionSecret, publicUrl } = config;
  const sessionStore = createSessionStore(portal);
  return {
    accounts: createAccountStore(portal, random),
    tokens: createOneTimeTokenStore(portal),
    failures: createSignInFailureStore(portal),
    allowances: createAllowanceStore(portal),
    passwords: createPasswordStore(portal, random),
    emailChanges: createEmailChangeStore(portal, random),
    secondFactors: createSecondFactorStore(portal, random),
    pendingSignIns: createPendingSignInStore(portal),
    sessionStore,
    sessions: createSessions({ store: sessionStore, sessionSecret, random }),
    hasher: createPasswordHasher(random),
    clock,
    random,
    sessionSecret,
    secondStepFor: config.signIn.secondStepFor,
    findCountry: createCountryFinder(),
    publicUrl,
  };
}

/** Ends every API key of a team for good. */
type RevokeKeysOfTeam = (accountId: string, teamId: string, reason: string) => Promise<unknown>;

export function bindAccounts(parts: AccountParts, revokeKeysOfTeam: RevokeKeysOfTeam): Portal['accounts'] {
  return {
    signUp: (request, origin) => signUp(parts, request, origin),
    peekVerification: (actor, token) => peekLink(parts, 'verify_email', actor, token),
    verifyEmail: (actor, token) => verifyEmail(parts, actor, token),
    resendVerification: (actor) => resendVerification(parts, actor),
    signIn: (request, origin, former) => signIn(parts, request, origin, former),
    completeSignIn: (request, origin, former) => completeSignIn(parts, request, origin, former),
    signOut: (sessionToken) => signOut(parts, sessionToken),
    deviceToken: (accountId, token) =>
      knownDeviceSubject(parts.sessionSecret, accountId, token) ? null : newDeviceToken(parts, accountId),
    sessionFor: (sessionToken) => findSession(parts, sessionToken),
    peekFirstOwner: (token) => peekFirstOwner(parts, token),
    createFirstOwner: (token, request, origin) => createFirstOwner(parts, token, request, origin),
    requestPasswordReset: (email, origin) => requestPasswordReset(parts, email, origin),
    peekPasswordReset: (token) => peekPasswordReset(parts, token),
    async resetPassword(request, origin) {
      const result = await resetPassword(parts, request, origin);
      await revokeKeysOfStranger(parts, revokeKeysOfTeam, result);
      return result;
    },
    overview: (signedIn) => readAccountOverview(parts, signedIn),
    endSessions: (signedIn, request) => endSessions(parts, signedIn, request),
    changePassword: (actor, request, origin) => changePassword(parts, actor, request, origin),
    requestEmailChange: (actor, request, origin) => requestEmailChange(parts, actor, request, origin),
    peekEmailChange: (actor, token) => peekLink(parts, 'change_email', actor, token),
    confirmEmail: (actor, token, origin) => confirmEmail(parts, actor, token, origin),
    prepareSecondFactor: (actor) => prepareSecondFactor(parts, actor),
    totpSetup: (actor) => readTotpSetup(parts, actor),
    turnOnSecondFactor: (actor, code, origin) => turnOnSecondFactor(parts, actor, code, origin),
    turnOnPasskeyStep: (actor, origin) => turnOnPasskeyStep(parts, actor, origin),
    secondStepOf: (pendingToken) => readSecondStep(parts, pendingToken),
    turnOffSecondFactor: (actor, request, origin) => turnOffSecondFactor(parts, actor, request, origin),
  };
}

/**
 * Whoever made an account whose address nobody had confirmed may not be the one who has just proved to own it: what
 * they can call APIs with ends, beside the sessions.
 */
async function revokeKeysOfStranger(
  { accounts }: AccountParts,
  revokeKeysOfTeam: RevokeKeysOfTeam,
  result: ResetPasswordResult,
): Promise<void> {
  if (!result.ok || result.wasVerified) return;
  const [own] = await accounts.teamsOf(result.accountId);
  if (own) await revokeKeysOfTeam(result.accountId, own.id, 'The address of the account was proved by somebody else.');
}
