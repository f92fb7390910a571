import { generateKeyPairSync, sign } from 'node:crypto';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { createOidcProvider } from '../../src/identities/oidc-provider.ts';

const SECRETS = {
  state: 'a state',
  nonce: 'a nonce',
  codeVerifier: 'v'.repeat(43),
  redirectUri: 'https://portal.example/callback',
  maxAgeSeconds: null,
};
const CLIENT = { clientId: 'gatehouse', clientSecret: 'a client secret of tests', name: 'Provider' };

const own = generateKeyPairSync('rsa', { modulusLength: 2048 });
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** What the provider of the next test says about itself and about who has signed in. */
let says: { issuer: string; claims: Record<string, unknown>; header: Record<string, unknown>; key: typeof own };
let server: Server;
let url: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    const answers: Record<string, unknown> = {
      '/.well-known/openid-configuration': {
        issuer: says.issuer,
        authorization_endpoint: `${url}/authorize`,
        token_endpoint: `${url}/token`,
        jwks_uri: `${url}/keys`,
      },
      '/keys': { keys: [{ ...own.publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'RS256', use: 'sig' }] },
      '/token': { access_token: 'an access token', token_type: 'bearer', id_token: idToken() },
    };
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify(answers[request.url ?? '']));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});
beforeEach(() => {
  const nowSeconds = Math.floor(Date.now() / 1000);
  says = {
    issuer: url,
    header: { alg: 'RS256', kid: 'one' },
    key: own,
    claims: {
      iss: url,
      sub: 'ada',
      aud: CLIENT.clientId,
      nonce: SECRETS.nonce,
      iat: nowSeconds,
      exp: nowSeconds + 60,
      email: 'ada@example.com',
      email_verified: true,
    },
  };
});

function idToken(): string {
  const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${encode(says.header)}.${encode(says.claims)}`;
  const signature =
    says.header.alg === 'none' ? '' : sign('sha256', Buffer.from(text), says.key.privateKey).toString('base64url');
  return `${text}.${signature}`;
}

function identify() {
  const provider = createOidcProvider({ ...CLIENT, url });
  const callback = new URL(`${SECRETS.redirectUri}?code=a-code&state=${encodeURIComponent(SECRETS.state)}`);
  return provider.identify(callback, SECRETS);
}

describe('an ID token', () => {
  test('as it should be names a person', async () => {
    expect(await identify()).toMatchObject({
      issuer: url,
      subject: 'ada',
      email: 'ada@example.com',
      isEmailVerified: true,
    });
  });

  test('whose signature is wrong signs nobody in', async () => {
    says.key = stranger;
    await expect(identify()).rejects.toThrow();
  });

  test('without a signature signs nobody in', async () => {
    says.header = { alg: 'none' };
    await expect(identify()).rejects.toThrow();
  });

  test('with the nonce of another sign-in signs nobody in', async () => {
    says.claims.nonce = 'another nonce';
    await expect(identify()).rejects.toThrow();
  });

  test('made for another client signs nobody in', async () => {
    says.claims.aud = 'somebody-else';
    await expect(identify()).rejects.toThrow();
  });

  test('of another issuer signs nobody in', async () => {
    says.claims.iss = 'https://other.example';
    await expect(identify()).rejects.toThrow();
  });

  test('that has expired signs nobody in', async () => {
    says.claims.exp = Number(says.claims.iat) - 3600;
    await expect(identify()).rejects.toThrow();
  });

  test('of a provider that calls itself otherwise signs nobody in', async () => {
    says.issuer = 'https://other.example';
    await expect(identify()).rejects.toThrow();
  });
});
