import type { Actor, RequestOrigin, SignedIn } from '../accounts/account.ts';
import type { Returned } from '../identities/finish-errand.ts';
import type {
  FinishErrandResult,
  ProviderId,
  StartErrandResult,
  UnlinkResult,
  WaysIn,
} from '../identities/identity.ts';

/** What pages may ask of accounts elsewhere. A `ticket` travels in a cookie from the way there to the way back. */
export interface PortalIdentities {
  /** Those that the settings name. */
  readonly providers: readonly { id: ProviderId; name: string }[];
  waysIn(actor: Actor): Promise<WaysIn>;
  /** @param next where to go afterwards, a path of this site */
  start(
    request: { provider: string; wanted: 'sign_in' | 'link'; next: string },
    signedIn: SignedIn | null,
  ): Promise<StartErrandResult>;
  /** @param formerSessionToken what the browser still has as session; it ends when a new one begins */
  finish(
    returned: Returned,
    claimant: { signedIn: SignedIn | null; origin: RequestOrigin; formerSessionToken: string | null },
  ): Promise<FinishErrandResult>;
  /** Ends every other session. */
  unlink(signedIn: SignedIn, identityId: string, origin: RequestOrigin): Promise<UnlinkResult>;
}
