import { setTimeout as pause } from 'node:timers/promises';

import type { MailWriters } from '../jobs/deliver-outbox.ts';
import { startTykProvisioning } from '../jobs/provision-tyk.ts';
import type { ApiKey } from '../keys/api-key.ts';
import { createKeyStore } from '../keys/key-store.ts';
import { importKey } from '../tyk/import-key.ts';
import { checkTyk, readTykKeys, readTykNote, readTykOverview } from '../tyk/read-tyk.ts';
import { createTykClient } from '../tyk/tyk-client.ts';
import { createTykFactsStore } from '../tyk/tyk-facts-store.ts';
import { createTykKeyStore } from '../tyk/tyk-key-store.ts';
import type { TykDesk } from '../tyk/tyk-overview.ts';
import { tykKeysLostMail } from '../tyk/tyk-loss-mail.ts';
import { createTykLossStore } from '../tyk/tyk-loss-store.ts';
import { createTykOverviewStore } from '../tyk/tyk-overview-store.ts';
import { createTykWatchStore } from '../tyk/tyk-watch-store.ts';
import type { AccountParts } from './bind-accounts.ts';
import type { Foundation } from './foundation.ts';
import type { Portal } from '../portal/portal.ts';

/** Somebody waits for an import while a page is made. */
const TIMEOUT_MS = 2000;

/** null when no Tyk gateway is connected. */
function createTykParts({ config, databases: { portal }, clock, random }: Foundation) {
  if (config.tyk === null) return null;
  const { url, secret, ...setup } = config.tyk;
  return {
    client: createTykClient({ url, secret, orgId: setup.orgId, timeoutMs: TIMEOUT_MS }),
    facts: createTykFactsStore(portal),
    tykKeys: createTykKeyStore(portal, random),
    losses: createTykLossStore(portal, random),
    watch: createTykWatchStore(portal),
    overviews: createTykOverviewStore(portal),
    keys: createKeyStore(portal),
    setup,
    clock,
  };
}

export function bindTyk(foundation: Foundation): TykDesk | null {
  const parts = createTykParts(foundation);
  return (
    parts && {
      overview: (actor) => readTykOverview(parts, actor),
      keys: (actor, request) => readTykKeys(parts, actor, request),
      check: (actor) => checkTyk(parts, actor),
      note: (actor, applicationId, keyId) => readTykNote(parts, actor, applicationId, keyId),
    }
  );
}

/** The same use cases, except that every token that they give also goes to Tyk, while it is in memory. */
export function bringingToTyk(foundation: Foundation, keys: Portal['keys']): Portal['keys'] {
  const parts = createTykParts(foundation);
  if (!parts) return keys;
  const bring = async <Result extends { ok: boolean }>(result: Result): Promise<Result> => {
    if (isIssued(result)) {
      const imported = await importKey({ ...parts, pause: (ms) => pause(ms) }, result.key, result.token).catch(
        (error: unknown) => {
          foundation.log.error({ err: error, keyId: result.key.id }, 'a key could not be brought to Tyk');
          return { ok: true as const };
        },
      );
      if (!imported.ok) {
        foundation.log.warn({ keyId: result.key.id, reason: imported.reason }, 'a key did not reach Tyk: rotate it');
      }
    }
    return result;
  };
  return {
    ...keys,
    issue: async (...request) => bring(await keys.issue(...request)),
    rotate: async (...request) => bring(await keys.rotate(...request)),
    replaceSecret: async (...request) => bring(await keys.replaceSecret(...request)),
  };
}

function isIssued(result: { ok: boolean }): result is { ok: true; key: ApiKey; token: string } {
  return result.ok && 'token' in result && 'key' in result;
}

/** Keeps Tyk as it should be; does nothing when none is connected. */
export function startTyk(foundation: Foundation): { stop(): Promise<void> } {
  const parts = createTykParts(foundation);
  return parts ? startTykProvisioning({ ...parts, log: foundation.log }) : { stop: () => Promise.resolve() };
}

/** Mails that were queued while Tyk was connected, and are not wanted when it is no more. */
export function tykMailWriters(foundation: Foundation, { accounts, publicUrl }: AccountParts) {
  const parts = createTykParts(foundation);
  return {
    'mail.tyk_keys_lost': (payload) =>
      parts ? tykKeysLostMail({ ...parts, accounts, publicUrl }, payload) : Promise.resolve(null),
  } satisfies Partial<MailWriters>;
}
