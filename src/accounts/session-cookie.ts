/** Pure: how a session travels. `__Host-` binds the cookie to this host, to https and to the whole site (RFC 6265bis 4.1.3.2). */
export function sessionCookieName(publicUrl: string): string {
  return isSecure(publicUrl) ? '__Host-gatehouse' : 'gatehouse';
}

/** Value of `Set-Cookie`. `expiresAtMs`: milliseconds since the Unix epoch. */
export function sessionCookie(publicUrl: string, token: string, expiresAtMs: number): string {
  return cookie(publicUrl, token, `Expires=${new Date(expiresAtMs).toUTCString()}`);
}

/** Value of `Set-Cookie` that removes the session from the browser. */
export function blankSessionCookie(publicUrl: string): string {
  return cookie(publicUrl, '', 'Max-Age=0');
}

function cookie(publicUrl: string, value: string, lifetime: string): string {
  const attributes = [lifetime, 'Path=/', 'HttpOnly', 'SameSite=Lax', ...(isSecure(publicUrl) ? ['Secure'] : [])];
  return [`${sessionCookieName(publicUrl)}=${value}`, ...attributes].join('; ');
}

function isSecure(publicUrl: string): boolean {
  return publicUrl.startsWith('https:');
}
