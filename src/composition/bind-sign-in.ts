import type { MailWriters } from '../jobs/deliver-outbox.ts';
import type { Log } from '../platform/log.ts';
import { removePasskey, renamePasskey } from '../passkeys/change-passkey.ts';
import { finishErrand } from '../identities/finish-errand.ts';
import { createGithubProvider } from '../identities/github-provider.ts';
import { identityChangedMail } from '../identities/identity-mail.ts';
import type { IdentityProvider } from '../identities/identity-provider.ts';
import { type IdentityStore, createIdentityStore } from '../identities/identity-store.ts';
import { createOidcProvider } from '../identities/oidc-provider.ts';
import { passkeyChangedMail } from '../passkeys/passkey-mail.ts';
import { type PasskeyStore, createPasskeyStore } from '../passkeys/passkey-store.ts';
import { relyingParty } from '../passkeys/passkey.ts';
import { offerPasskeyRegistration, registerPasskey } from '../passkeys/register-passkey.ts';
import { offerPasskeySignIn, signInWithPasskey } from '../passkeys/sign-in-with-passkey.ts';
import { startErrand } from '../identities/start-errand.ts';
import { unlinkIdentity } from '../identities/unlink-identity.ts';
import { type UsedTicketStore, createUsedTicketStore } from '../identities/used-ticket-store.ts';
import type { AccountParts } from './bind-accounts.ts';
import type { Foundation } from './foundation.ts';
import type { Portal } from '../portal/portal.ts';

export interface SignInParts extends AccountParts {
  passkeys: PasskeyStore;
  identities: IdentityStore;
  usedTickets: UsedTicketStore;
  providers: readonly IdentityProvider[];
  log: Log;
}

export function createSignInParts({ config, databases, log }: Foundation, accounts: AccountParts): SignInParts {
  const { oidc, github } = config.signIn;
  return {
    ...accounts,
    passkeys: createPasskeyStore(databases.portal, accounts.random),
    identities: createIdentityStore(databases.portal, accounts.random),
    usedTickets: createUsedTicketStore(databases.portal),
    providers: [...(oidc ? [createOidcProvider(oidc)] : []), ...(github ? [createGithubProvider(github)] : [])],
    log,
  };
}

/** The ways in beside the password. */
export function bindSignIn(parts: SignInParts): Pick<Portal, 'passkeys' | 'identities'> {
  return {
    passkeys: {
      areAvailable: relyingParty(parts.publicUrl) !== null,
      list: (actor) => parts.passkeys.list(actor.accountId),
      offerRegistration: (signedIn) => offerPasskeyRegistration(parts, signedIn),
      register: (signedIn, request, origin) => registerPasskey(parts, signedIn, request, origin),
      rename: (actor, passkeyId, name, origin) => renamePasskey(parts, actor, { passkeyId, name }, origin),
      remove: (signedIn, passkeyId, origin) => removePasskey(parts, signedIn, passkeyId, origin),
      offerSignIn: (ceremony, claimant) => offerPasskeySignIn(parts, ceremony, claimant),
      signIn: (request, claimant, origin, former) => signInWithPasskey(parts, request, claimant, origin, former),
    },
    identities: {
      providers: parts.providers.map(({ id, name }) => ({ id, name })),
      waysIn: (actor) => parts.identities.waysIn(actor.accountId),
      start: (request, signedIn) => startErrand(parts, request, signedIn),
      finish: (returned, claimant) => finishErrand(parts, returned, claimant),
      unlink: (signedIn, identityId, origin) => unlinkIdentity(parts, signedIn, identityId, origin),
    },
  };
}

export function signInMailWriters(
  parts: SignInParts,
): Pick<MailWriters, 'mail.passkey_changed' | 'mail.identity_changed'> {
  return {
    'mail.passkey_changed': (payload) => passkeyChangedMail(parts, payload),
    'mail.identity_changed': (payload) => identityChangedMail(parts, payload),
  };
}
