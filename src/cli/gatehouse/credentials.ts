import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { z } from 'zod';

import { type Failure, type Outcome, done, failure, wrongUse } from './outcome.ts';
import { isOpenToOthers, makePrivateFolder, readFileIfPresent, replaceFile } from './private-file.ts';
import { type Terminal, variable } from './terminal.ts';

/** The portal to call, and what to sign in with. */
export interface Credentials {
  url: string;
  token: string;
}

const schema = z.object({
  /** The portal of the last sign-in. */
  current: z.string(),
  portals: z.record(z.string(), z.object({ token: z.string() })),
});
type Kept = z.infer<typeof schema>;

const TOKEN_SHAPE = /^[a-z][a-z0-9]{1,9}_pat_[0-9A-Za-z]{36}$/;

export function isAccessToken(text: string): boolean {
  return TOKEN_SHAPE.test(text);
}

/** From the environment, else from the last sign-in. */
export function readCredentials(terminal: Terminal): Outcome<Credentials> {
  const kept = readKept(terminal);
  if (!kept.ok) return kept;
  const given = variable(terminal, 'GATEHOUSE_URL') ?? kept.value?.current;
  if (given === undefined) return notSignedIn('Set GATEHOUSE_URL, or run: gatehouse sign-in --url URL');
  const url = readUrl(given);
  if (!url.ok) return url;
  const token = tokenFromEnvironment(terminal);
  if (!token.ok) return token;
  const found = token.value ?? kept.value?.portals[url.value]?.token;
  if (found === undefined) return notSignedIn(`You are not signed in at ${url.value}. Run: gatehouse sign-in`);
  if (!isAccessToken(found))
    return notSignedIn('This is no access token: it has the form gth_pat_... and 36 characters.');
  return done({ url: url.value, token: found });
}

/** The portal that was named, or that of the last sign-in. */
export function portalUrl(terminal: Terminal, named: string | undefined): Outcome<string> {
  const kept = readKept(terminal);
  if (!kept.ok) return kept;
  const given = named ?? variable(terminal, 'GATEHOUSE_URL') ?? kept.value?.current;
  return given ? readUrl(given) : wrongUse('Name the portal: gatehouse sign-in --url https://developers.example.com');
}

export function isTokenFromEnvironment(terminal: Terminal): boolean {
  return ['GATEHOUSE_TOKEN', 'GATEHOUSE_TOKEN_FILE'].some((name) => variable(terminal, name) !== undefined);
}

export function keepCredentials(terminal: Terminal, { url, token }: Credentials): Outcome<string> {
  const kept = readKept(terminal);
  if (!kept.ok) return kept;
  const path = credentialsPath(terminal);
  makePrivateFolder(configFolder(terminal));
  const portals = { ...kept.value?.portals, [url]: { token } };
  replaceFile(path, `${JSON.stringify({ current: url, portals }, null, 2)}\n`, terminal.random);
  return done(path);
}

export function forgetCredentials(terminal: Terminal, url: string): void {
  const kept = readKept(terminal);
  if (!kept.ok || !kept.value) return;
  const portals = Object.fromEntries(Object.entries(kept.value.portals).filter(([name]) => name !== url));
  const [next] = Object.keys(portals);
  if (next === undefined) rmSync(credentialsPath(terminal), { force: true });
  else
    replaceFile(credentialsPath(terminal), `${JSON.stringify({ current: next, portals }, null, 2)}\n`, terminal.random);
}

function configFolder(terminal: Terminal): string {
  return join(variable(terminal, 'XDG_CONFIG_HOME') ?? join(terminal.home, '.config'), 'gatehouse');
}

function credentialsPath(terminal: Terminal): string {
  return join(configFolder(terminal), 'credentials.json');
}

function readKept(terminal: Terminal): Outcome<Kept | null> {
  const path = credentialsPath(terminal);
  const text = readFileIfPresent(path);
  if (text === null) return done(null);
  if (isOpenToOthers(path)) {
    return failure('failed', 'file_open_to_others', `Others may read ${path}. Run: chmod 600 ${path}`);
  }
  const parsed = schema.safeParse(parseJson(text));
  if (parsed.success) return done(parsed.data);
  return failure('failed', 'file_broken', `${path} cannot be read. Remove it and run: gatehouse sign-in`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function tokenFromEnvironment(terminal: Terminal): Outcome<string | null> {
  const token = variable(terminal, 'GATEHOUSE_TOKEN');
  if (token !== undefined) return done(token.trim());
  const path = variable(terminal, 'GATEHOUSE_TOKEN_FILE');
  if (path === undefined) return done(null);
  try {
    const text = readFileIfPresent(path);
    return text === null
      ? notSignedIn(`There is no file ${path}, which GATEHOUSE_TOKEN_FILE names.`)
      : done(text.trim());
  } catch {
    return notSignedIn(`The file ${path}, which GATEHOUSE_TOKEN_FILE names, cannot be read.`);
  }
}

/** The origin. A token is sent over TLS, or within the machine, and nowhere else. */
function readUrl(text: string): Outcome<string> {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    return wrongUse('The address of a portal looks like https://developers.example.com');
  }
  const isLocal = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
  if (url.protocol === 'http:' && !isLocal) {
    return wrongUse(`${url.origin} is not encrypted: your token could be read on the way. Use https.`);
  }
  return done(url.origin);
}

function notSignedIn(message: string): Failure {
  return failure('notSignedIn', 'not_signed_in', message);
}
