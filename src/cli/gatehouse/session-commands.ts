import { createApiClient } from './api-client.ts';
import { type Command, type Work, isGiven, listOption, textOption } from './command.ts';
import {
  forgetCredentials,
  isAccessToken,
  isTokenFromEnvironment,
  keepCredentials,
  portalUrl,
  readCredentials,
} from './credentials.ts';
import { handOver } from './hand-over.ts';
import { type Outcome, type Report, done, wrongUse } from './outcome.ts';
import type { AccountRecord } from './records.ts';
import { facts, timeCell } from './table.ts';

/** What scripts of consumers need; the page lets people give less. */
const DEFAULT_SCOPES = [
  'applications:write',
  'keys:write',
  'usage:read',
  'notices:write',
  'webhooks:write',
  'audit:read',
];

/** Commands about the sign-in itself. */
export const sessionCommands: readonly Command[] = [
  {
    name: 'sign-in',
    summary: 'sign in through the browser, or with a token from standard input',
    details:
      'The token is kept in ~/.config/gatehouse/credentials.json, which only you can read. For scripts, set GATEHOUSE_URL and GATEHOUSE_TOKEN_FILE (or GATEHOUSE_TOKEN) instead.',
    options: [
      ['--url <url>', 'the portal; otherwise GATEHOUSE_URL, or the one of the last sign-in'],
      ['--scope <scope...>', 'what the token is to be allowed; the page shows it and lets you change it'],
      ['--token-stdin', 'read an access token from standard input'],
    ],
    examples: [
      'gatehouse sign-in --url https://developers.example.com',
      'gatehouse sign-in --scope keys:write usage:read',
      'gatehouse sign-in --token-stdin < token.txt',
    ],
    needsToken: false,
    run: signIn,
  },
  {
    name: 'sign-out',
    summary: 'revoke the token and forget it',
    examples: ['gatehouse sign-out'],
    needsToken: false,
    run: signOut,
  },
  {
    name: 'account',
    summary: 'show who you are and what the token may do',
    examples: ['gatehouse account --json'],
    needsToken: true,
    run: ({ api }) => showAccount(api),
  },
];

async function signIn(work: Work): Promise<Outcome<Report>> {
  const { terminal } = work;
  const url = portalUrl(terminal, textOption(work, 'url'));
  if (!url.ok) return url;
  const scopes = listOption(work, 'scope');
  const token = isGiven(work, 'tokenStdin')
    ? done((await terminal.readInput()).trim())
    : await handOver(terminal, url.value, scopes.length > 0 ? scopes : DEFAULT_SCOPES);
  if (!token.ok) return token;
  if (!isAccessToken(token.value)) return wrongUse('What came is no access token: it has the form gth_pat_...');
  const credentials = { url: url.value, token: token.value };
  const account = await showAccount(createApiClient(terminal, credentials));
  if (!account.ok) return account;
  const kept = keepCredentials(terminal, credentials);
  if (!kept.ok) return kept;
  const overruled = isTokenFromEnvironment(terminal)
    ? 'GATEHOUSE_TOKEN or GATEHOUSE_TOKEN_FILE is set: it is used instead of this sign-in.\n'
    : '';
  return done({ ...account.value, text: `${account.value.text}Kept in ${kept.value}\n${overruled}` });
}

async function signOut({ terminal }: Work): Promise<Outcome<Report>> {
  if (isTokenFromEnvironment(terminal)) {
    return wrongUse(
      'The token comes from GATEHOUSE_TOKEN or GATEHOUSE_TOKEN_FILE: unset them, or revoke it on the page Access tokens.',
    );
  }
  const credentials = readCredentials(terminal);
  if (!credentials.ok) return credentials;
  const { url } = credentials.value;
  const revoked = await createApiClient(terminal, credentials.value).call('DELETE', '/account/token');
  // One that has ended already is what was wanted; one that may still work is not to be forgotten.
  if (!revoked.ok && revoked.code !== 'access_token_not_active') return revoked;
  forgetCredentials(terminal, url);
  return done({ data: { url, signedOut: true }, text: `Signed out of ${url}. The token works no more.\n` });
}

async function showAccount(api: ReturnType<typeof createApiClient>): Promise<Outcome<Report>> {
  const answer = await api.call<AccountRecord>('GET', '/account');
  if (!answer.ok) return answer;
  const { email, token } = answer.value;
  const text = facts([
    ['Portal', api.url],
    ['Account', email],
    ['Token', token.name],
    ['May', token.scopes.join(' ')],
    ['Expires', `${timeCell(token.expiresAt)} UTC`],
  ]);
  return done({ data: answer.value, text });
}
