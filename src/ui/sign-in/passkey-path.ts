import { nextPath } from '../guard.ts';

/** Where the answer of an authenticator is sent to, and from where it leads back to `backTo`. */
export function passkeySignInPath(backTo: string): string {
  return `/sign-in/passkey?next=${encodeURIComponent(nextPath(backTo))}`;
}
