import type { SignedIn } from '../accounts/account.ts';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import type { Random } from '../platform/random.ts';
import { newErrand } from './errand-ticket.ts';
import type { IdentityProvider } from './identity-provider.ts';
import type { StartErrandResult } from './identity.ts';

export interface ErrandDeps {
  providers: readonly IdentityProvider[];
  clock: Clock;
  random: Random;
  sessionSecret: Uint8Array;
  publicUrl: string;
  log: Log;
}

/** Who confirms who is there proves it to the provider anew, as far as the provider can be asked for that. */
const RECENT_SECONDS = 10 * 60;

/**
 * Sends somebody to a provider. Who is signed in is sent to confirm who is there, or to connect the two accounts.
 * @param next where to go afterwards, a path of this site
 */
export async function startErrand(
  deps: ErrandDeps,
  { provider: id, wanted, next }: { provider: string; wanted: 'sign_in' | 'link'; next: string },
  signedIn: Pick<SignedIn, 'actor' | 'sessionId'> | null,
): Promise<StartErrandResult> {
  const provider = deps.providers.find((known) => known.id === id);
  if (!provider) return { ok: false, reason: 'unknown_provider' };
  // As for passkeys: what a stranger connects to an account with somebody's address would outlive a new password.
  if (wanted === 'link' && !signedIn?.actor.emailVerified) return { ok: false, reason: 'email_not_verified' };
  const errand = wanted === 'link' ? 'link' : signedIn ? 'again' : 'sign_in';
  const given = { provider: provider.id, errand, next, sessionId: signedIn?.sessionId ?? '' } as const;
  const { ticket, expiresAtMs, ...secrets } = newErrand(deps.sessionSecret, given, deps.random, deps.clock.nowMs());
  const redirectUri = redirectUriOf(deps.publicUrl, provider.id);
  try {
    const maxAgeSeconds = maxAgeOf(errand);
    const url = await provider.authorizationUrl({ ...secrets, redirectUri, maxAgeSeconds });
    return { ok: true, url: url.href, ticket, expiresAtMs };
  } catch (error) {
    deps.log.error({ err: error, provider: provider.id }, 'the provider of identities cannot be asked');
    return { ok: false, reason: 'provider_failed' };
  }
}

export function redirectUriOf(publicUrl: string, provider: string): string {
  return `${publicUrl}/sign-in/with/${provider}/callback`;
}

export function maxAgeOf(errand: 'sign_in' | 'again' | 'link'): number | null {
  return errand === 'again' ? RECENT_SECONDS : null;
}
