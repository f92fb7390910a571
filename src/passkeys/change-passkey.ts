import type { Actor, RequestOrigin, SignedIn } from '../accounts/account.ts';
import type { Clock } from '../platform/clock.ts';
import type { ChangePasskeyResult, RemovePasskeyResult } from './passkey.ts';
import type { PasskeyStore } from './passkey-store.ts';

interface ChangeDeps {
  passkeys: PasskeyStore;
  clock: Clock;
}

export async function renamePasskey(
  deps: ChangeDeps,
  { accountId }: Pick<Actor, 'accountId'>,
  { passkeyId, name }: { passkeyId: string; name: string },
  origin: RequestOrigin,
): Promise<ChangePasskeyResult> {
  const change = { accountId, address: origin.address, nowMs: deps.clock.nowMs() };
  return (await deps.passkeys.rename(change, passkeyId, name)) ? { ok: true } : { ok: false, reason: 'not_found' };
}

/** Ends every other session: one of them may have begun with what is removed. The last way in stays. */
export async function removePasskey(
  deps: ChangeDeps,
  { actor: { accountId }, sessionId }: Pick<SignedIn, 'actor' | 'sessionId'>,
  passkeyId: string,
  origin: RequestOrigin,
): Promise<RemovePasskeyResult> {
  const change = { accountId, address: origin.address, nowMs: deps.clock.nowMs() };
  const outcome = await deps.passkeys.remove(change, passkeyId, sessionId);
  return outcome === 'removed' ? { ok: true } : { ok: false, reason: outcome };
}
