import type { RequestOrigin } from './accounts/account.ts';
import type { Portal, SignedIn } from './portal/portal.ts';
import type { TeamRight } from './teams/role.ts';

declare global {
  namespace App {
    /** What the front server and the middleware know about a request before a page runs. */
    interface Locals {
      portal: Portal;
      /** Client address and user agent, from the front server's own resolver. */
      origin: RequestOrigin;
      signedIn: SignedIn | null;
      /** Has a session that opens nothing but the way to a second step; `signedIn` is null elsewhere. */
      mustAddSecondStep: boolean;
      /** Value of the session cookie; null when there is none. Never rendered. */
      sessionToken: string | null;
      /** What the role of the one who asks does not allow; for the page that says so. */
      missingRight?: TeamRight;
    }
  }
}
