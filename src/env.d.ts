declare namespace App {
  /** What the front server and the middleware know about a request before a page runs. */
  interface Locals {
    portal: import('./composition/portal.ts').Portal;
    /** Client address and user agent, from the front server's own resolver. */
    origin: import('./accounts/account.ts').RequestOrigin;
    signedIn: import('./composition/portal.ts').SignedIn | null;
    /** Value of the session cookie; null when there is none. Never rendered. */
    sessionToken: string | null;
  }
}
