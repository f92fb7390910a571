import type { Account } from '../accounts/account.ts';
import type { Clock } from '../platform/clock.ts';
import type { Mail } from '../platform/mailer.ts';
import type { OutboxPayloads } from '../database/outbox.ts';
import type { TykOverviewStore } from './tyk-overview-store.ts';
import type { TykSetup } from './tyk-session.ts';

export interface TykLossMailDeps {
  accounts: { find(accountId: string): Promise<Account | null> };
  overviews: Pick<TykOverviewStore, 'list'>;
  setup: Pick<TykSetup, 'apis'>;
  clock: Clock;
  publicUrl: string;
}

const NAMED = 20;

/** To an owner: which keys Tyk does not have, as it is when the mail is sent; null when there are none any more. */
export async function tykKeysLostMail(
  { accounts, overviews, setup, clock, publicUrl }: TykLossMailDeps,
  { accountId }: OutboxPayloads['mail.tyk_keys_lost'],
): Promise<Mail | null> {
  const account = await accounts.find(accountId);
  if (account?.role !== 'owner' || account.suspendedAtMs !== null) return null;
  const lost = await overviews.list('to_rotate', [...setup.apis.keys()], clock.nowMs());
  if (lost.length === 0) return null;
  const named = lost
    .slice(0, NAMED)
    .map((key) => `- ${key.keyName} of ${key.applicationName} (${key.teamName}), ${key.keyId}`);
  const rest = lost.length > NAMED ? `\n- and ${lost.length - NAMED} more, which the page lists` : '';
  const keys = lost.length === 1 ? 'a key' : `${lost.length} keys`;
  return {
    to: account.email,
    subject: `Tyk has lost ${keys}`,
    text: `Hello,

Tyk does not have ${keys} that should work there, and refuses calls with ${lost.length === 1 ? 'it' : 'them'}.
Tokens are stored nowhere, so that each has to be rotated by its team:

${named.join('\n')}${rest}

The page of each key says so to its team, and webhooks were told. Ask the teams to rotate:

${publicUrl}/owner/tyk
`,
  };
}
