import { type AccountStore, createAccountStore } from '../accounts/account-store.ts';
import { createFirstOwner } from '../accounts/create-first-owner.ts';
import { findSession } from '../accounts/find-session.ts';
import { findTeam } from '../accounts/find-team.ts';
import { type OneTimeTokenStore, createOneTimeTokenStore } from '../accounts/one-time-token-store.ts';
import { type PasswordHasher, createPasswordHasher } from '../accounts/password-hasher.ts';
import { peekFirstOwner } from '../accounts/peek-first-owner.ts';
import { peekVerification } from '../accounts/peek-verification.ts';
import { resendVerification } from '../accounts/resend-verification.ts';
import { type SessionStore, createSessionStore } from '../accounts/session-store.ts';
import { type Sessions, createSessions } from '../accounts/sessions.ts';
import { type SignInFailureStore, createSignInFailureStore } from '../accounts/sign-in-failure-store.ts';
import { signIn } from '../accounts/sign-in.ts';
import { signOut } from '../accounts/sign-out.ts';
import { signUp } from '../accounts/sign-up.ts';
import { verifyEmail } from '../accounts/verify-email.ts';
import type { Clock } from '../platform/clock.ts';
import type { Random } from '../platform/random.ts';
import type { Foundation } from './foundation.ts';
import type { Portal } from './portal.ts';

export interface AccountParts {
  accounts: AccountStore;
  tokens: OneTimeTokenStore;
  failures: SignInFailureStore;
  sessionStore: SessionStore;
  sessions: Sessions;
  hasher: PasswordHasher;
  clock: Clock;
  random: Random;
  sessionSecret: Uint8Array;
  publicUrl: string;
}

export function createAccountParts({ config, databases: { portal }, clock, random }: Foundation): AccountParts {
  const { sessionSecret, publicUrl } = config;
  const sessionStore = createSessionStore(portal);
  return {
    accounts: createAccountStore(portal, random),
    tokens: createOneTimeTokenStore(portal),
    failures: createSignInFailureStore(portal),
    sessionStore,
    sessions: createSessions({ store: sessionStore, sessionSecret, random }),
    hasher: createPasswordHasher(random),
    clock,
    random,
    sessionSecret,
    publicUrl,
  };
}

export function bindAccounts(parts: AccountParts): Portal['accounts'] {
  return {
    signUp: (request, origin) => signUp(parts, request, origin),
    peekVerification: (token) => peekVerification(parts, token),
    verifyEmail: (token) => verifyEmail(parts, token),
    resendVerification: (actor) => resendVerification(parts, actor),
    signIn: (request, origin) => signIn(parts, request, origin),
    signOut: (sessionToken) => signOut(parts, sessionToken),
    sessionFor: (sessionToken) => findSession(parts, sessionToken),
    peekFirstOwner: (token) => peekFirstOwner(parts, token),
    createFirstOwner: (token, request, origin) => createFirstOwner(parts, token, request, origin),
    team: (actor) => findTeam(parts, actor),
  };
}
