import type { APIContext } from 'astro';

import { type Account, type Actor, RECENT_SIGN_IN_MS } from '../accounts/account.ts';
import type { TeamRight } from '../teams/role.ts';

export type Entry = { ok: true; actor: Actor } | { ok: false; signInPath: string };

const LONGEST_PATH = 512;
/** Segments and a query of plain characters: no `//`, backslash, colon, `@`, blank or control can stand in it. */
const PLAIN_PATH = /^(?:\/[\w.~%-]+)+(?:\?[\w.~%=&+-]*)?$/;
/** First segments to which a sign-in may lead. */
const DESTINATIONS = new Set([
  'home',
  'account',
  'audit',
  'applications',
  'command-line',
  'owner',
  'docs',
  'guides',
  'notices',
  'policies',
  'errors',
  'search',
  'teams',
  'verify-email',
  'webhooks',
]);
const NO_SITE = 'https://own-site.invalid';

/** Who is signed in, or where to sign in and come back from. Every private page calls this first. */
export function enter(signedIn: { actor: Actor } | null | undefined, url: URL): Entry {
  if (signedIn) return { ok: true, actor: signedIn.actor };
  return { ok: false, signInPath: signInPath(url.pathname + url.search) };
}

/** The actor when they are an owner; for everybody else the page does not exist. */
export function enterAsOwner(signedIn: { actor: Actor; account: Account } | null | undefined): Actor | null {
  return signedIn?.actor.role === 'owner' && signedIn.account.role === 'owner' ? signedIn.actor : null;
}

/**
 * As `enter`, for what is sensitive: whoever signed in more than ten minutes ago is asked for the password again,
 * and comes back to `url`. What a form held is lost, so pages that show the form ask first.
 */
export function requireRecentSignIn(signedIn: { actor: Actor } | null | undefined, url: URL, nowMs: number): Entry {
  const entry = enter(signedIn, url);
  if (!entry.ok || nowMs - entry.actor.signedInAtMs < RECENT_SIGN_IN_MS) return entry;
  return { ok: false, signInPath: withNext('/sign-in/again', url.pathname + url.search) };
}

export function signInPath(backTo: string): string {
  return withNext('/sign-in', backTo);
}

/** Who signs up there comes back after signing in with the new account. */
export function signUpPath(backTo: string): string {
  return withNext('/sign-up', backTo);
}

/** What is shown after signing up; leads to the sign-in, and from there back. */
export function checkMailPath(backTo: string): string {
  return withNext('/sign-up/check-mail', backTo);
}

/** Where the second step of a sign-in is. */
export function signInCodePath(backTo: string): string {
  return withNext('/sign-in/code', backTo);
}

function withNext(path: string, backTo: string): string {
  const next = nextPath(backTo);
  return next === '/home' ? path : `${path}?next=${encodeURIComponent(next)}`;
}

/** Where to go after signing in: a known path of this site, else `fallback`. Never leads to another site (yardstick A19). */
export function nextPath(text: string | null | undefined, fallback = '/home'): string {
  if (!text || text.length > LONGEST_PATH || !PLAIN_PATH.test(text)) return fallback;
  const url = URL.parse(text, NO_SITE);
  if (url?.origin !== NO_SITE || !PLAIN_PATH.test(url.pathname)) return fallback;
  return DESTINATIONS.has(url.pathname.split('/', 2)[1] ?? '') ? url.pathname + url.search : fallback;
}

/** Absent and foreign objects look alike: the same page, the same status. */
export function notFound(): Response {
  return new Response(null, { status: 404 });
}

/** The page for a member whose role does not allow it, 403. To be called before the body of a form is read. */
export function refusedByRole(
  { rewrite, locals }: Pick<APIContext, 'rewrite' | 'locals'>,
  missingRight: TeamRight,
): Promise<Response> {
  locals.missingRight = missingRight;
  return rewrite('/403');
}
