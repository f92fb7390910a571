import type { Account, Team } from '../accounts/account.ts';
import type { Clock } from '../platform/clock.ts';
import type { Mail } from '../platform/mailer.ts';
import type { KeyOfTeam, KeyStore } from './key-store.ts';

/** What the mails about keys share. They are written when they are sent, from what is true then. */
export interface KeyMailDeps {
  accounts: {
    find(accountId: string): Promise<Account | null>;
    teamsOf(accountId: string): Promise<readonly Team[]>;
  };
  keys: Pick<KeyStore, 'findWithTeam'>;
  clock: Clock;
  /** Origin that links are made from. */
  publicUrl: string;
}

/** The address of an account that is still in the team; null when the mail is none of its business any more. */
export async function memberAddress(
  { accounts }: Pick<KeyMailDeps, 'accounts'>,
  accountId: string,
  teamId: string,
): Promise<string | null> {
  const account = await accounts.find(accountId);
  if (account?.suspendedAtMs !== null) return null;
  const teams = await accounts.teamsOf(accountId);
  return teams.some((team) => team.id === teamId) ? account.email : null;
}

/** A mail about one key to one member of its team; null when the key or the membership is gone. */
export async function keyMail(
  deps: KeyMailDeps,
  { accountId, keyId }: { accountId: string; keyId: string },
  write: (about: KeyOfTeam, pageUrl: string) => Omit<Mail, 'to'> | null,
): Promise<Mail | null> {
  const about = await deps.keys.findWithTeam(keyId);
  const to = about && (await memberAddress(deps, accountId, about.teamId));
  if (!about || to === null) return null;
  const mail = write(about, `${deps.publicUrl}/applications/${about.key.applicationId}/keys/${keyId}`);
  return mail && { to, ...mail };
}

/** `24 November 2026 at 10:00 UTC`. */
export function dateText(atMs: number): string {
  return `${dateFormat.format(atMs)} UTC`;
}

const dateFormat = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });
