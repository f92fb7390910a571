import type { Operation } from '../../catalog/api.ts';
import { MANAGEMENT_API_SLUG } from '../../catalog/catalog.ts';

/** Where an operation is called: through the gateway, save for the management API, which the portal serves itself. */
export function callAddress(
  site: { publicUrl: string; gatewayPublicUrl: string },
  apiSlug: string,
  version: string,
  path: string,
): string {
  const base = apiSlug === MANAGEMENT_API_SLUG ? `${site.publicUrl}/api` : `${site.gatewayPublicUrl}/${apiSlug}`;
  return `${base}/${version}${path}`;
}

/** The easiest operation to try: a GET that needs nothing filled in, else any GET. */
export function easiestOperation(operations: readonly Operation[]): Operation | null {
  const readable = operations.filter(({ method, deprecated }) => method === 'GET' && !deprecated);
  return readable.find(({ path }) => !path.includes('{')) ?? readable[0] ?? null;
}

/** A call to paste into a POSIX shell. Nothing in `address` or `token` can end the quotes it stands in. */
export function curlCall(address: string, token: string): string {
  return `curl ${shellQuote(address)} \\\n  -H ${shellQuote(`Authorization: Bearer ${token}`)}`;
}

function shellQuote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
