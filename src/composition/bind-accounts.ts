import { type AccountStore, createAccountStore } from '../accounts/account-store.ts';
import type { ResetPasswordResult } from '../accounts/account.ts';
import { type AllowanceStore, createAllowanceStore } from '../accounts/allowance-store.ts';
import { changePassword } from '../passwords/change-password.ts';
import { completeSignIn } from '../sign-in/complete-sign-in.ts';
import { confirmEmail } from '../email-addresses/confirm-email.ts';
import { createFirstOwner } from '../accounts/create-first-owner.ts';
import { type EmailChangeStore, createEmailChangeStore } from '../email-addresses/email-change-store.ts';
import { endSessions } from '../sessions/end-sessions.ts';
import { findSession } from '../sessions/find-session.ts';
import { knownDeviceSubject, newDeviceToken } from '../sign-in/known-device.ts';
import { type OneTimeTokenStore, createOneTimeTokenStore } from '../email-addresses/one-time-token-store.ts';
import { type PasswordHasher, createPasswordHasher } from '../passwords/password-hasher.ts';
import { type PasswordStore, createPasswordStore } from '../passwords/password-store.ts';
import { peekFirstOwner } from '../accounts/peek-first-owner.ts';
import { peekLink } from '../email-addresses/peek-link.ts';
import { peekPasswordReset } from '../passwords/peek-password-reset.ts';
import { type PendingSignInStore, createPendingSignInStore } from '../sign-in/pending-sign-in-store.ts';
import { prepareSecondFactor } from '../second-step/prepare-second-factor.ts';
import { readAccountOverview } from '../accounts/read-account-overview.ts';
import { readSecondStep } from '../second-step/read-second-step.ts';
import { readTotpSetup } from '../second-step/read-totp-setup.ts';
import { requestEmailChange } from '../email-addresses/request-email-change.ts';
import { requestPasswordReset } from '../passwords/request-password-reset.ts';
import { resendVerification } from '../email-addresses/resend-verification.ts';
import { resetPassword } from '../passwords/reset-password.ts';
import { type SecondFactorStore, createSecondFactorStore } from '../second-step/second-factor-store.ts';
import { type SessionStore, createSessionStore } from '../sessions/session-store.ts';
import { type Sessions, createSessions } from '../sessions/sessions.ts';
import { type SignInFailureStore, createSignInFailureStore } from '../sign-in/sign-in-failure-store.ts';
import { signIn } from '../sign-in/sign-in.ts';
import { signOut } from '../sign-in/sign-out.ts';
import { signUp } from '../accounts/sign-up.ts';
import { turnOffSecondFactor } from '../second-step/turn-off-second-factor.ts';
import { turnOnPasskeyStep } from '../second-step/turn-on-passkey-step.ts';
import { turnOnSecondFactor } from '../second-step/turn-on-second-factor.ts';
import { verifyEmail } from '../email-addresses/verify-email.ts';
import type { Clock } from '../platform/clock.ts';
import { type FindCountry, createCountryFinder } from '../platform/country.ts';
import type { SecondStepFor } from '../settings/sign-in-settings.ts';
import type { Random } from '../platform/random.ts';
import type { Foundation } from './foundation.ts';
import type { Portal } from '../portal/portal.ts';

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
