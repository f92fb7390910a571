import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';

import type { PortalRequest, WatchedPortal } from '../pages/watched-portal.ts';
import type { HttpResponse } from '../support/http-request.ts';

export type SecretKind =
  'API key' | 'access token' | 'session' | 'password' | 'link' | 'webhook secret' | 'seed' | 'recovery code';

/** Whatever in an answer could be a secret. */
const CANDIDATE = /whsec_[A-Za-z0-9+/=]{20,}|[A-Za-z0-9_-]{20,}/g;
/** What is looked for in files: the end of a secret, since its beginning is shown. */
const WINDOW = 16;

export interface SecretWatch {
  send(request: PortalRequest, from?: Pick<WatchedPortal, 'send'>): Promise<HttpResponse>;
  /** From now on it is a secret. */
  know(kind: SecretKind, secret: string | undefined): string;
  known: ReadonlyMap<string, SecretKind>;
  /** The answers that held it, as method and path. */
  seenIn(secret: string): readonly string[];
}

export function watchSecrets(portal: WatchedPortal): SecretWatch {
  const seen = new Map<string, string[]>();
  const known = new Map<string, SecretKind>();
  return {
    known,
    async send(request, from = portal) {
      const answer = await from.send(request);
      const name = `${request.method ?? (request.form ? 'POST' : 'GET')} ${request.path}`;
      const text = `${[...answer.headers.values()].flat().join('\n')}\n${answer.body}`;
      for (const word of new Set(text.match(CANDIDATE))) seen.set(word, [...(seen.get(word) ?? []), name]);
      return answer;
    },
    know(kind, secret) {
      if (secret === undefined || secret.length < WINDOW) throw new Error(`no ${kind}: ${secret}`);
      known.set(secret, kind);
      return secret;
    },
    seenIn: (secret) => seen.get(secret) ?? [],
  };
}

/**
 * `place: kind` for every secret that stands in a file of the folder or in one of the texts, as it is or as the bytes it
 * stands for.
 */
export function findSecrets(
  folder: string,
  texts: ReadonlyMap<string, string>,
  known: ReadonlyMap<string, SecretKind>,
): string[] {
  const ends = new Map<string, SecretKind>();
  for (const [secret, kind] of known) {
    ends.set(secret.slice(-WINDOW), kind);
    if (/^[\w-]{43}$/.test(secret)) ends.set(Buffer.from(secret, 'base64url').toString('latin1').slice(-WINDOW), kind);
  }
  return [...filesIn(folder), ...texts].flatMap(([place, text]) => windowsIn(text, ends, place));
}

/**
 * Path and text of every file of a folder that is in use: one that gets its final name in between (a mail has `.part` at
 * the end until it is whole) would be missed under both names, so the folder is read again.
 *
 * @throws Error when it is never at rest.
 */
function filesIn(folder: string, attempts = 20): [string, string][] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  try {
    return files.map(({ name, parentPath }): [string, string] => {
      const path = join(parentPath, name);
      return [relative(folder, path), readFileSync(path, 'latin1')];
    });
  } catch (error) {
    if (attempts === 1 || (error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return filesIn(folder, attempts - 1);
  }
}

function windowsIn(text: string, ends: ReadonlyMap<string, SecretKind>, place: string): string[] {
  const found: string[] = [];
  for (let start = 0; start + WINDOW <= text.length; start += 1) {
    const kind = ends.get(text.slice(start, start + WINDOW));
    if (kind !== undefined) found.push(`${place}: ${kind}`);
  }
  return found;
}
