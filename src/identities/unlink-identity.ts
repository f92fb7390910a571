import type { RequestOrigin, SignedIn } from '../accounts/account.ts';
import type { Clock } from '../platform/clock.ts';
import type { IdentityProvider } from './identity-provider.ts';
import type { IdentityStore } from './identity-store.ts';
import type { UnlinkResult } from './identity.ts';

/** Ends every other session: one of them may have begun with what is disconnected. The last way in stays. */
export async function unlinkIdentity(
  deps: { identities: IdentityStore; providers: readonly IdentityProvider[]; clock: Clock },
  { actor: { accountId }, sessionId }: Pick<SignedIn, 'actor' | 'sessionId'>,
  identityId: string,
  origin: RequestOrigin,
): Promise<UnlinkResult> {
  const change = { accountId, address: origin.address, nowMs: deps.clock.nowMs() };
  const nameOf = (id: string): string => deps.providers.find((provider) => provider.id === id)?.name ?? id;
  const outcome = await deps.identities.unlink(change, identityId, sessionId, nameOf);
  return outcome === 'unlinked' ? { ok: true } : { ok: false, reason: outcome };
}
