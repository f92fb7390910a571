import {
  type AuthenticationResponseJSON,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';

import type { RelyingParty } from './passkey.ts';

/** Ed25519, ES256 and RS256: what authenticators have; asked for and accepted are the same. */
export const ALGORITHMS = [-8, -7, -257];

export interface Expectation {
  relyingParty: RelyingParty;
  challenge: Uint8Array;
  isVerificationRequired: boolean;
}

export interface RegisteredCredential {
  credentialId: string;
  publicKey: Uint8Array;
  counter: number;
  transports: readonly string[];
  isBackedUp: boolean;
}

/** What an authenticator has made; null unless everything about the answer is as it was asked for (yardstick A11). */
export async function readRegistration(
  response: RegistrationResponseJSON,
  { relyingParty, challenge }: Omit<Expectation, 'isVerificationRequired'>,
): Promise<RegisteredCredential | null> {
  if (isFramed(response.response.clientDataJSON)) return null;
  try {
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response,
      expectedChallenge: Buffer.from(challenge).toString('base64url'),
      expectedOrigin: relyingParty.origin,
      expectedRPID: relyingParty.id,
      requireUserVerification: true,
      supportedAlgorithmIDs: ALGORITHMS,
    });
    // With attestation "none" nothing says who made the authenticator, and nobody has to be believed about it.
    if (!verified || registrationInfo.fmt !== 'none') return null;
    const { id, publicKey, counter } = registrationInfo.credential;
    const transports = response.response.transports ?? [];
    return { credentialId: id, publicKey, counter, transports, isBackedUp: registrationInfo.credentialBackedUp };
  } catch {
    // The library throws for everything that does not fit.
    return null;
  }
}

/** The counter of a right answer; null for any other. Whether the counter may be this one is decided by the row. */
export async function readAssertion(
  response: AuthenticationResponseJSON,
  credential: { credentialId: string; publicKey: Uint8Array },
  { relyingParty, challenge, isVerificationRequired }: Expectation,
): Promise<{ counter: number; isBackedUp: boolean } | null> {
  if (isFramed(response.response.clientDataJSON)) return null;
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response,
      expectedChallenge: Buffer.from(challenge).toString('base64url'),
      expectedOrigin: relyingParty.origin,
      expectedRPID: relyingParty.id,
      credential: { id: credential.credentialId, publicKey: new Uint8Array(credential.publicKey), counter: 0 },
      requireUserVerification: isVerificationRequired,
    });
    if (!verified) return null;
    return { counter: authenticationInfo.newCounter, isBackedUp: authenticationInfo.credentialBackedUp };
  } catch {
    return null;
  }
}

/** Whether the browser says that a page of another site had framed ours; the library lets that pass. */
function isFramed(clientDataJson: string): boolean {
  try {
    const data: unknown = JSON.parse(Buffer.from(clientDataJson, 'base64url').toString('utf8'));
    return typeof data !== 'object' || data === null || ('crossOrigin' in data && data.crossOrigin !== false);
  } catch {
    return true;
  }
}
