import { createHash, randomBytes } from 'node:crypto';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface GithubUser {
  id: number;
  login: string;
  emails: readonly { email: string; primary: boolean; verified: boolean; visibility: string | null }[];
}

/**
 * Answers as GitHub documents it ("Authorizing OAuth apps", "Get the authenticated user", "List email addresses"): a
 * wrong code is 200 with `error`, and tokens come as JSON only to who asks for that. `user` is who is signed in there.
 */
export async function startGithubServer(redirectUri: string) {
  const client = { clientId: 'Iv1.gatehouse', clientSecret: 'a client secret of tests' };
  const state = { user: null as GithubUser | null, isDenied: false };
  const codes = new Map<string, { challenge: string; user: GithubUser }>();
  const tokens = new Map<string, GithubUser>();

  const authorize = (query: URLSearchParams, response: ServerResponse): void => {
    const isRight = query.get('client_id') === client.clientId && query.get('redirect_uri') === redirectUri;
    if (!isRight || !state.user) {
      response.writeHead(404).end('Not Found');
      return;
    }
    const back = new URL(redirectUri);
    back.searchParams.set('state', query.get('state') ?? '');
    if (state.isDenied) back.searchParams.set('error', 'access_denied');
    else {
      const code = randomBytes(10).toString('hex');
      codes.set(code, { challenge: query.get('code_challenge') ?? '', user: state.user });
      back.searchParams.set('code', code);
    }
    response.writeHead(302, { Location: back.href }).end();
  };
  const exchange = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const form = new URLSearchParams(await text(request));
    const found = codes.get(form.get('code') ?? '');
    codes.delete(form.get('code') ?? '');
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (request.headers.accept !== 'application/json') {
      response.writeHead(406).end();
      return;
    }
    if (form.get('client_id') !== client.clientId || form.get('client_secret') !== client.clientSecret) {
      json(response, { error: 'incorrect_client_credentials', error_description: 'They are not correct.' });
      return;
    }
    if (found?.challenge !== challenge || form.get('redirect_uri') !== redirectUri) {
      json(response, { error: 'bad_verification_code', error_description: 'It is incorrect or expired.' });
      return;
    }
    const token = `gho_${randomBytes(18).toString('hex')}`;
    tokens.set(token, found.user);
    json(response, { access_token: token, scope: 'read:user,user:email', token_type: 'bearer' });
  };
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://github.test');
    const user = tokens.get(/^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '');
    if (pathname === '/login/oauth/authorize') authorize(searchParams, response);
    else if (pathname === '/login/oauth/access_token') void exchange(request, response);
    else if (!user)
      response.writeHead(401, { 'Content-Type': 'application/json' }).end('{"message":"Bad credentials"}');
    else if (pathname === '/api/v3/user') json(response, { id: user.id, login: user.login, email: null, name: null });
    else if (pathname === '/api/v3/user/emails') json(response, user.emails);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...client,
    state,
    close: () => new Promise((resolve) => server.close(resolve).closeAllConnections()),
  };
}

/** As a browser of who is signed in there: the address that it is sent back to. */
export async function goThroughGithub(start: string): Promise<URL> {
  const response = await fetch(start, { redirect: 'manual' });
  const location = response.headers.get('location');
  if (location === null) throw new Error(`GitHub answered ${response.status}`);
  return new URL(location);
}

function json(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'Content-Type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
}
