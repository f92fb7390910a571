import { TOTP } from 'otpauth';

import { findSession } from '../../src/sessions/find-session.ts';
import { prepareSecondFactor } from '../../src/second-step/prepare-second-factor.ts';
import { readTotpSetup } from '../../src/second-step/read-totp-setup.ts';
import { signIn } from '../../src/sign-in/sign-in.ts';
import { turnOnSecondFactor } from '../../src/second-step/turn-on-second-factor.ts';
import type { DialectName } from '../../src/database/database.ts';
import type { SignInCeremony } from '../../src/passkeys/passkey.ts';
import { parsePasskeySignInForm } from '../../src/passkeys/passkey-sign-in.form.ts';
import { createPasskeyStore } from '../../src/passkeys/passkey-store.ts';
import { parseRegisterPasskeyForm } from '../../src/passkeys/register-passkey.form.ts';
import { offerPasskeyRegistration, registerPasskey } from '../../src/passkeys/register-passkey.ts';
import { type Claimant, offerPasskeySignIn, signInWithPasskey } from '../../src/passkeys/sign-in-with-passkey.ts';
import { ADA, MINUTE_MS, OFFICE, openParts, signedIn, signedUp } from '../accounts/parts.ts';
import { type Authenticator, type Twist, createAuthenticator } from '../passkeys/software-authenticator.ts';

export type House = Awaited<ReturnType<typeof openHouse>>;
export const NOBODY: Claimant = { pendingToken: null, signedIn: null };

/** The real parts of accounts and passkeys, with the way that browsers take through forms. */
export async function openHouse(dialect: DialectName = 'sqlite') {
  const parts = await openParts(dialect);
  const house = { ...parts, passkeys: createPasskeyStore(parts.database, parts.random) };
  return {
    ...house,
    /** Signed up, with a confirmed address, and signed in. */
    async person(who = ADA) {
      const accountId = await signedUp(parts, who);
      await parts.db.updateTable('account').set({ email_verified_at_ms: 1 }).where('id', '=', accountId).execute();
      return { accountId, ...(await signedIn(parts, who)) };
    },
    async register(session: Awaited<ReturnType<typeof signedIn>>, authenticator: Authenticator, twist: Twist = {}) {
      const offer = await offerPasskeyRegistration(house, session);
      if (!offer.ok) return offer;
      return registerPasskey(
        house,
        session,
        { ...registration(authenticator.register(offer.options, twist)), ticket: offer.ticket },
        OFFICE,
      );
    },
    /** As in a new browser. */
    async signIn(authenticator: Authenticator, twist: Twist = {}, ceremony: SignInCeremony = 'sign_in', who = NOBODY) {
      const offer = await offerPasskeySignIn(house, ceremony, who);
      if (!offer.ok) return offer;
      const request = { ...assertion(ceremony, authenticator.sign(offer.options, twist)), ticket: offer.ticket };
      return signInWithPasskey(house, request, who, OFFICE, null);
    },
    async withTotp(session: Awaited<ReturnType<typeof signedIn>>) {
      await prepareSecondFactor(parts, session.actor);
      const setup = await readTotpSetup(parts, session.actor);
      const code = new TOTP({ secret: setup?.setupKey ?? '' }).generate({ timestamp: parts.clock.now });
      const result = await turnOnSecondFactor(parts, session.actor, code, OFFICE);
      if (!result.ok) throw new Error(result.reason);
      parts.clock.now += MINUTE_MS;
      const found = await findSession(parts, result.sessionToken);
      if (!found) throw new Error('not signed in');
      return { ...found, token: result.sessionToken };
    },
    async pendingToken(who = ADA): Promise<string> {
      const result = await signIn(parts, who, OFFICE);
      if (result.ok || result.reason !== 'second_factor') throw new Error('no second step');
      return result.pendingToken;
    },
    newAuthenticator: () => createAuthenticator(parts.publicUrl),
  };
}

export function registration(response: string, name = 'Laptop') {
  const form = new FormData();
  form.set('name', name);
  form.set('response', response);
  const parsed = parseRegisterPasskeyForm(form);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return parsed.value;
}

export function assertion(ceremony: string, response: string) {
  const form = new FormData();
  form.set('ceremony', ceremony);
  form.set('response', response);
  const parsed = parsePasskeySignInForm(form);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return parsed.value;
}
