import {
  ClientSecretPost,
  Configuration,
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  fetchProtectedResource,
} from 'openid-client';
import { z } from 'zod';

import type { ProviderConfig } from '../settings/sign-in-settings.ts';
import { type IdentityProvider, PROVIDER_TIMEOUT_SECONDS } from './identity-provider.ts';

/** The number is the account; a login can be given up and taken by somebody else. */
const userSchema = z.object({ id: z.int().positive(), login: z.string().min(1).max(100) });
const emailsSchema = z.array(z.object({ email: z.string().max(320), primary: z.boolean(), verified: z.boolean() }));

/**
 * GitHub, which is OAuth 2.0 without OpenID Connect: no ID token, so who somebody is stands in its REST API
 * (docs.github.com: "Authorizing OAuth apps", "List email addresses for the authenticated user").
 */
export function createGithubProvider({ clientId, clientSecret, name, url }: ProviderConfig): IdentityProvider {
  const server = {
    issuer: url,
    authorization_endpoint: `${url}/login/oauth/authorize`,
    token_endpoint: `${url}/login/oauth/access_token`,
  };
  const github = new Configuration(server, clientId, undefined, ClientSecretPost(clientSecret));
  github.timeout = PROVIDER_TIMEOUT_SECONDS;
  // Settings allow http for this very machine only.
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so to stand out, see its documentation
  if (url.startsWith('http:')) allowInsecureRequests(github);
  const api = url === 'https://github.com' ? 'https://api.github.com' : `${url}/api/v3`;
  const read = async <T>(schema: z.ZodType<T>, token: string, path: string): Promise<T> => {
    const headers = new Headers({ Accept: 'application/vnd.github+json', 'X-GitHub-Api-Version': '2022-11-28' });
    const response = await fetchProtectedResource(github, token, new URL(api + path), 'GET', null, headers);
    if (!response.ok) throw new Error(`GitHub answered ${response.status}`);
    return schema.parse(await response.json());
  };
  return {
    id: 'github',
    name,
    async authorizationUrl({ state, codeVerifier, redirectUri }) {
      return buildAuthorizationUrl(github, {
        redirect_uri: redirectUri,
        scope: 'read:user user:email',
        state,
        code_challenge: await calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: 'S256',
      });
    },
    async identify(callback, { state, codeVerifier }) {
      const checks = { expectedState: state, pkceCodeVerifier: codeVerifier };
      const { access_token: token } = await authorizationCodeGrant(github, callback, checks);
      const user = await read(userSchema, token, '/user');
      const emails = await read(emailsSchema, token, '/user/emails');
      const primary = emails.find((email) => email.primary);
      return {
        provider: 'github',
        issuer: url,
        subject: String(user.id),
        label: user.login,
        email: primary?.email ?? null,
        isEmailVerified: primary?.verified === true,
      };
    },
  };
}
