import { createApplicationStore } from '../applications/application-store.ts';
import type { MailWriters } from '../jobs/deliver-outbox.ts';
import { startKeyReminders } from '../jobs/remind-expiring-keys.ts';
import { startKeyMoves } from '../jobs/move-keys.ts';
import { startExposure } from '../jobs/report-exposed-keys.ts';
import { startDormancy } from '../jobs/suspend-dormant-keys.ts';
import { startWithdrawal } from '../jobs/withdraw-unconfirmed-keys.ts';
import { dormancyMail } from '../key-reminders/dormancy-mail.ts';
import { createKeyConfirmationStore } from '../key-reminders/key-confirmation-store.ts';
import { createKeyDormancyStore } from '../key-reminders/key-dormancy-store.ts';
import { createKeyPepperStore } from '../keys/key-pepper-store.ts';
import { createKeyReminderStore } from '../key-reminders/key-reminder-store.ts';
import { createKeyStore } from '../keys/key-store.ts';
import { createLeakedKeyStore } from '../leaked-keys/leaked-key-store.ts';
import { leakMail } from '../leaked-keys/leak-mail.ts';
import { toPeppers } from '../keys/pepper.ts';
import { reminderMail } from '../key-reminders/reminder-mail.ts';
import { keysRevokedMail } from '../key-revocation/revocation-mail.ts';
import { resumedMail, suspendedMail } from '../key-revocation/suspension-mail.ts';
import { withdrawalMail } from '../key-reminders/withdrawal-mail.ts';
import { createKeyRehashStore } from '../usage/key-rehash-store.ts';
import { createKeyCallStore } from '../usage/key-call-store.ts';
import type { AccountParts } from './bind-accounts.ts';
import type { Foundation } from './foundation.ts';

/** What happens to keys by itself: reminders, dormancy, withdrawal of lost tokens, keys in query strings. */
export function startKeyJobs(foundation: Foundation): { stop(): Promise<void> } {
  const { config, databases, clock, random, log } = foundation;
  const { portal } = databases;
  const calls = createKeyCallStore(databases.usage);
  const each = { clock, random, log };
  const jobs = [
    ...movesOf(foundation),
    startKeyReminders({ reminders: createKeyReminderStore(portal), leadDays: config.keyReminderDays, ...each }),
    startDormancy({ dormancies: createKeyDormancyStore(portal), calls, defaultDays: config.keyDormantDays, ...each }),
    startWithdrawal({
      confirmations: createKeyConfirmationStore(portal),
      wasCalled: async ({ id }) => (await calls.lastCalls([id])).has(id),
      ...each,
    }),
    startExposure({
      keys: createKeyStore(portal),
      leaks: createLeakedKeyStore(portal),
      exposedKeyAction: config.exposedKeyAction,
      calls,
      ...each,
    }),
  ];
  return {
    stop: async () => {
      for (const job of jobs) await job.stop();
    },
  };
}

function movesOf({ config, databases, log }: Foundation): { stop(): Promise<void> }[] {
  const { current, previous } = toPeppers(config);
  if (!previous) return [];
  const stores = {
    rehashes: createKeyRehashStore(databases.usage),
    keyPeppers: createKeyPepperStore(databases.portal),
  };
  return [startKeyMoves({ ...stores, pepper: current, log })];
}

/** Says at the start, and not only to owners who look, when keys are under a pepper that was not given. */
export async function namePeppers({ config, databases, clock, log }: Foundation): Promise<void> {
  const peppers = toPeppers(config);
  const store = createKeyPepperStore(databases.portal);
  await store.name(peppers);
  const { other } = await store.count(peppers, clock.nowMs());
  if (other > 0)
    log.warn({ keys: other }, 'keys were issued under another KEY_PEPPER and are refused until it is given');
}

/** Writers of the mails about keys. */
export function keyMailWriters({ databases, clock }: Foundation, { accounts, publicUrl }: AccountParts) {
  const deps = {
    accounts,
    applications: createApplicationStore(databases.portal),
    keys: createKeyStore(databases.portal),
    clock,
    publicUrl,
  };
  return {
    'mail.key_reminder': (payload) => reminderMail(deps, payload),
    'mail.key_withdrawn': (payload) => withdrawalMail(deps, payload),
    'mail.key_dormant': (payload) => dormancyMail(deps, payload),
    'mail.key_suspended': (payload) => suspendedMail(deps, payload),
    'mail.key_resumed': (payload) => resumedMail(deps, payload),
    'mail.key_leaked': (payload) => leakMail(deps, payload),
    'mail.keys_revoked': (payload) => keysRevokedMail(deps, payload),
  } satisfies Partial<MailWriters>;
}
