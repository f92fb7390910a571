import type { FinishErrandFailure, LinkedIdentity, UnlinkResult } from '../../identities/identity.ts';
import type { RemovePasskeyResult } from '../../passkeys/passkey.ts';

/** What a page says about a way that did not lead here. `name`: the provider as people know it. */
export function errandText(reason: FinishErrandFailure, name: string): string {
  switch (reason) {
    case 'unknown_provider':
      return 'This portal does not work with this provider.';
    case 'expired':
      return 'That took longer than ten minutes, was done already, or began in another browser. Start again.';
    case 'provider_failed':
      return `${name} could not be asked, or gave an answer that cannot be trusted. Try again later, or sign in another way.`;
    case 'cancelled':
      return `You did not let ${name} tell us who you are. Nothing was changed.`;
    case 'email_not_verified':
      return `${name} does not say that your e-mail address is confirmed. Confirm it there and start again, or sign up here with a password.`;
    case 'sign_in_first':
      return `There is an account with your address already. Sign in to it as you always do, or choose a new password by mail, and then connect ${name} on the page of your account.`;
    case 'suspended':
      return 'This account is suspended. Ask who runs the portal.';
    case 'other_account':
      return `You came back from ${name} as somebody else than who is signed in here. Sign out first, or take the right account there.`;
    case 'linked_elsewhere':
      return `This account at ${name} is connected with an account here already.`;
    case 'too_many_sign_ups':
      return 'Too many accounts were made from your network. Try again in some minutes.';
  }
}

export function unlinkText(reason: Extract<UnlinkResult | RemovePasskeyResult, { ok: false }>['reason']): string {
  switch (reason) {
    case 'last_way_in':
      return 'Nothing else opens your account. Choose a password by mail, or add a passkey, before you remove this.';
    case 'second_step':
      return 'Two-step sign-in needs it. Add another passkey first, or turn two-step sign-in off.';
    case 'not_found':
      return 'This is not there any more.';
  }
}

/** Of a provider that the settings may name no longer. */
export function providerName(
  providers: readonly { id: string; name: string }[],
  id: LinkedIdentity['provider'],
): string {
  return providers.find((provider) => provider.id === id)?.name ?? (id === 'github' ? 'GitHub' : 'single sign-on');
}
