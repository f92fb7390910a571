import type { AccessToken, CreateAccessTokenResult, RevokeAccessTokenResult } from '../access-tokens/access-token.ts';
import type { Actor, RequestOrigin } from '../accounts/account.ts';
import type { CreateAccessTokenRequest } from '../access-tokens/create-access-token.form.ts';

/** What pages may ask of the personal access tokens of an account. */
export interface PortalAccessTokens {
  /** Newest first; also those that have ended. */
  list(actor: Actor): Promise<readonly AccessToken[]>;
  create(actor: Actor, request: CreateAccessTokenRequest, origin: RequestOrigin): Promise<CreateAccessTokenResult>;
  revoke(actor: Actor, tokenId: string): Promise<RevokeAccessTokenResult>;
}
