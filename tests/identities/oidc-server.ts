import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import Provider from 'oidc-provider';

export interface ServerPerson {
  email?: string;
  email_verified?: boolean;
}

/**
 * A real OpenID Connect provider, whose people are whoever types a name into its login page.
 * @param redirectUris exactly these are accepted
 */
export async function startOidcServer(redirectUris: readonly string[]) {
  const people = new Map<string, ServerPerson>();
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = { clientId: 'gatehouse', clientSecret: 'a client secret of tests' };
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: client.clientId,
        client_secret: client.clientSecret,
        redirect_uris: redirectUris,
        token_endpoint_auth_method: 'client_secret_basic',
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'] },
    pkce: { required: () => true },
    cookies: { keys: ['only for tests'] },
    findAccount: (_context: unknown, sub: string) => ({
      accountId: sub,
      claims: () => ({ sub, ...people.get(sub) }),
    }),
  });
  server.on('request', provider.callback());
  return {
    issuer,
    ...client,
    people,
    close: () => new Promise((resolve) => server.close(resolve).closeAllConnections()),
  };
}

export type OidcServer = Awaited<ReturnType<typeof startOidcServer>>;

/**
 * Goes the way of a browser through the pages of the provider, and types `login` where it is asked for.
 * @returns the address under `redirectUri` that it leads to
 */
export async function goThroughOidc(start: string, login: string, redirectUri: string): Promise<URL> {
  const cookies = new Map<string, string>();
  let next = new URL(start);
  let body: URLSearchParams | undefined;
  for (let step = 0; step < 12; step += 1) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const request: RequestInit = body ? { method: 'POST', body } : {};
    const response: Response = await fetch(next, { ...request, headers: { cookie }, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    body = undefined;
    const location = response.headers.get('location');
    if (location !== null) {
      next = new URL(location, next);
      if (next.href.startsWith(redirectUri)) return next;
      continue;
    }
    const html: string = await response.text();
    const prompt = /name="prompt" value="(\w+)"/.exec(html)?.[1];
    const action = /<form[^>]*action="([^"]+)"/.exec(html)?.[1];
    if (prompt === undefined || action === undefined) throw new Error(`the provider says: ${html.slice(0, 2000)}`);
    next = new URL(action, next);
    body = new URLSearchParams({ prompt, ...(prompt === 'login' ? { login, password: 'any' } : {}) });
  }
  throw new Error('the provider leads in a circle');
}
