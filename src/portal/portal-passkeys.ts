import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/server';

import type { Actor, RequestOrigin, SignedIn } from '../accounts/account.ts';
import type {
  CeremonyOffer,
  ChangePasskeyResult,
  OfferFailure,
  Passkey,
  PasskeySignInResult,
  RegisterPasskeyResult,
  RemovePasskeyResult,
  SignInCeremony,
} from '../passkeys/passkey.ts';
import type { PasskeySignInRequest } from '../passkeys/passkey-sign-in.form.ts';
import type { RegisterPasskeyRequest } from '../passkeys/register-passkey.form.ts';
import type { Claimant } from '../passkeys/sign-in-with-passkey.ts';

/** What pages may ask of passkeys. A `ticket` travels in a cookie from an offer to its answer. */
export interface PortalPasskeys {
  /** False where browsers have none: PUBLIC_URL is an IP address, or not https. */
  readonly areAvailable: boolean;
  /** Oldest first. */
  list(actor: Actor): Promise<readonly Passkey[]>;
  offerRegistration(
    signedIn: SignedIn,
  ): Promise<CeremonyOffer<PublicKeyCredentialCreationOptionsJSON> | OfferFailure<'email_not_verified' | 'too_many'>>;
  register(
    signedIn: SignedIn,
    request: RegisterPasskeyRequest & { ticket: string },
    origin: RequestOrigin,
  ): Promise<RegisterPasskeyResult>;
  rename(actor: Actor, passkeyId: string, name: string, origin: RequestOrigin): Promise<ChangePasskeyResult>;
  /** Ends every other session. */
  remove(signedIn: SignedIn, passkeyId: string, origin: RequestOrigin): Promise<RemovePasskeyResult>;
  offerSignIn(
    ceremony: SignInCeremony,
    claimant: Claimant,
  ): Promise<CeremonyOffer<PublicKeyCredentialRequestOptionsJSON> | OfferFailure<'expired'>>;
  /** @param formerSessionToken what the browser still has as session; it ends when a new one begins */
  signIn(
    request: PasskeySignInRequest & { ticket: string },
    claimant: Claimant,
    origin: RequestOrigin,
    formerSessionToken: string | null,
  ): Promise<PasskeySignInResult>;
}
