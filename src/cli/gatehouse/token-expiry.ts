import type { Work } from './command.ts';
import type { AccountRecord } from './records.ts';
import { timeCell } from './table.ts';

const DAY_MS = 86_400_000;
const WARNED_DAYS = 14;

/** Tells on standard error when the access token of a script is about to end: nobody looks at it until it has. */
export async function warnOfExpiry({ terminal, api }: Pick<Work, 'terminal' | 'api'>): Promise<void> {
  const account = await api.call<AccountRecord>('GET', '/account');
  if (!account.ok) return;
  const { name, expiresAt } = account.value.token;
  if (Date.parse(expiresAt) - terminal.nowMs() >= WARNED_DAYS * DAY_MS) return;
  const what = `The access token "${name}" ends on ${timeCell(expiresAt)} UTC.`;
  terminal.writeError(`gatehouse: ${what} Create another one: ${api.url}/account/tokens\n`);
}
