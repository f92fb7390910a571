/** Pure: how a session travels. `__Host-` binds the cookie to this host, to https and to the whole site (RFC 6265bis 4.1.3.2). */
export function sessionCookieName(publicUrl: string): string {
  return `${prefix(publicUrl)}gatehouse`;
}

/** A sign-in that waits for its second step has a cookie of its own. */
export function pendingSignInCookieName(publicUrl: string): string {
  return `${prefix(publicUrl)}gatehouse-pending`;
}

/** What a passkey is asked to sign is bound to this cookie. */
export function passkeyTicketCookieName(publicUrl: string): string {
  return `${prefix(publicUrl)}gatehouse-passkey`;
}

/** Value of `Set-Cookie`. `expiresAtMs`: milliseconds since the Unix epoch. */
export function sessionCookie(publicUrl: string, token: string, expiresAtMs: number): string {
  return cookie(publicUrl, sessionCookieName(publicUrl), token, expiresAtMs);
}

export function pendingSignInCookie(publicUrl: string, token: string, expiresAtMs: number): string {
  return cookie(publicUrl, pendingSignInCookieName(publicUrl), token, expiresAtMs);
}

/** Who comes back from a provider of identities must be who was sent there. */
export function errandCookieName(publicUrl: string): string {
  return `${prefix(publicUrl)}gatehouse-errand`;
}

export function errandCookie(publicUrl: string, ticket: string, expiresAtMs: number): string {
  return cookie(publicUrl, errandCookieName(publicUrl), ticket, expiresAtMs);
}

export function blankErrandCookie(publicUrl: string): string {
  return cookie(publicUrl, errandCookieName(publicUrl), '', null);
}

export function passkeyTicketCookie(publicUrl: string, ticket: string, expiresAtMs: number): string {
  return cookie(publicUrl, passkeyTicketCookieName(publicUrl), ticket, expiresAtMs);
}

export function blankPasskeyTicketCookie(publicUrl: string): string {
  return cookie(publicUrl, passkeyTicketCookieName(publicUrl), '', null);
}

/** By which a browser is known; see known-device.ts. */
export function deviceCookieName(publicUrl: string): string {
  return `${prefix(publicUrl)}gatehouse-device`;
}

export function deviceCookie(publicUrl: string, token: string, expiresAtMs: number): string {
  return cookie(publicUrl, deviceCookieName(publicUrl), token, expiresAtMs);
}

/** Value of `Set-Cookie` that removes the session from the browser. */
export function blankSessionCookie(publicUrl: string): string {
  return cookie(publicUrl, sessionCookieName(publicUrl), '', null);
}

export function blankPendingSignInCookie(publicUrl: string): string {
  return cookie(publicUrl, pendingSignInCookieName(publicUrl), '', null);
}

function cookie(publicUrl: string, name: string, value: string, expiresAtMs: number | null): string {
  const lifetime = expiresAtMs === null ? 'Max-Age=0' : `Expires=${new Date(expiresAtMs).toUTCString()}`;
  const attributes = [lifetime, 'Path=/', 'HttpOnly', 'SameSite=Lax', ...(isSecure(publicUrl) ? ['Secure'] : [])];
  return [`${name}=${value}`, ...attributes].join('; ');
}

function prefix(publicUrl: string): string {
  return isSecure(publicUrl) ? '__Host-' : '';
}

function isSecure(publicUrl: string): boolean {
  return publicUrl.startsWith('https:');
}
