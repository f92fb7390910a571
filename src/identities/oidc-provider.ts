import {
  ClientSecretBasic,
  type Configuration,
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
} from 'openid-client';

import type { ProviderConfig } from '../settings/sign-in-settings.ts';
import { type IdentityProvider, PROVIDER_TIMEOUT_SECONDS } from './identity-provider.ts';

/** OpenID Connect, authorization code flow with PKCE, state, nonce and the checks of the issuer that RFC 9207 and 9700 ask for. */
export function createOidcProvider({ clientId, clientSecret, name, url }: ProviderConfig): IdentityProvider {
  let found: Promise<Configuration> | null = null;
  const configuration = (): Promise<Configuration> => {
    // What failed is asked for again.
    found ??= discovery(new URL(url), clientId, undefined, ClientSecretBasic(clientSecret), {
      timeout: PROVIDER_TIMEOUT_SECONDS,
      // The signature of the ID token is checked too, although it comes over TLS from the provider itself (ASVS 6.8.2).
      // Settings allow http for this very machine only.
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so to stand out, see its documentation
      execute: [enableNonRepudiationChecks, ...(url.startsWith('http:') ? [allowInsecureRequests] : [])],
    }).catch((error: unknown) => {
      found = null;
      throw error;
    });
    return found;
  };
  return {
    id: 'oidc',
    name,
    async authorizationUrl({ state, nonce, codeVerifier, redirectUri, maxAgeSeconds }) {
      return buildAuthorizationUrl(await configuration(), {
        redirect_uri: redirectUri,
        scope: 'openid email',
        state,
        nonce,
        code_challenge: await calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: 'S256',
        ...(maxAgeSeconds === null ? {} : { max_age: String(maxAgeSeconds) }),
      });
    },
    async identify(callback, { state, nonce, codeVerifier, maxAgeSeconds }) {
      const provider = await configuration();
      const tokens = await authorizationCodeGrant(provider, callback, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: codeVerifier,
        idTokenExpected: true,
        ...(maxAgeSeconds === null ? {} : { maxAge: maxAgeSeconds }),
      });
      const claims = tokens.claims();
      if (!claims) throw new Error('no ID token');
      // Many providers tell the address at the userinfo endpoint only.
      const isTold = claims.email !== undefined || provider.serverMetadata().userinfo_endpoint === undefined;
      const person = isTold ? claims : await fetchUserInfo(provider, tokens.access_token, claims.sub);
      const email = typeof person.email === 'string' ? person.email : null;
      return {
        provider: 'oidc',
        issuer: claims.iss,
        subject: claims.sub,
        label: email ?? claims.sub,
        email,
        isEmailVerified: person.email_verified === true,
      };
    },
  };
}
