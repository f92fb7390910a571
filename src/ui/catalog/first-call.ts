import type { Operation } from '../../catalog/api.ts';

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
