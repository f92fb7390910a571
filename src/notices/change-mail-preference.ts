import type { Account, Actor } from '../accounts/account.ts';
import type { Clock } from '../platform/clock.ts';
import type { MailPreference } from './notice.ts';
import type { NoticeResponseStore } from './notice-response-store.ts';
import { readUnsubscribeToken } from './unsubscribe-link.ts';

export interface MailPreferenceDeps {
  accounts: { find(accountId: string): Promise<Account | null> };
  responses: Pick<NoticeResponseStore, 'changePreference'>;
  sessionSecret: Uint8Array;
  clock: Clock;
}

/** Chooses how the actor is told of what is no advisory. */
export async function changeMailPreference(
  { responses, clock }: MailPreferenceDeps,
  { accountId }: Pick<Actor, 'accountId'>,
  mail: MailPreference,
): Promise<void> {
  await responses.changePreference({ accountId, mail, by: 'page', nowMs: clock.nowMs() });
}

/** Ends mails by the link of a mail; false when it is none of ours or the account is gone. May be repeated. */
export async function unsubscribe(deps: MailPreferenceDeps, token: string): Promise<boolean> {
  const accountId = readUnsubscribeToken(deps.sessionSecret, token);
  if (accountId === null || !(await deps.accounts.find(accountId))) return false;
  await deps.responses.changePreference({ accountId, mail: 'none', by: 'link', nowMs: deps.clock.nowMs() });
  return true;
}
