import { createAccessToken } from '../access-tokens/create-access-token.ts';
import { accessTokenIssuedMail, accessTokenLeakedMail } from '../access-tokens/access-token-mail.ts';
import { type AccessTokenStore, createAccessTokenStore } from '../access-tokens/access-token-store.ts';
import { reportLeakedAccessToken } from '../access-tokens/report-leaked-access-token.ts';
import { revokeAccessToken } from '../access-tokens/revoke-access-token.ts';
import type { MailWriters } from '../jobs/deliver-outbox.ts';
import { answerSecretScan } from '../leaked-keys/answer-secret-scan.ts';
import { reportLeakedKeys } from '../leaked-keys/report-leaked-keys.ts';
import { type IdempotencyStore, createIdempotencyStore } from '../management/idempotency-store.ts';
import { openGate } from '../management/open-gate.ts';
import type { Log } from '../platform/log.ts';
import type { AccountParts } from './bind-accounts.ts';
import type { KeyParts } from './bind-keys.ts';
import type { Foundation } from './foundation.ts';
import type { Portal } from '../portal/portal.ts';

export interface ManagementParts extends AccountParts {
  accessTokens: AccessTokenStore;
  requests: IdempotencyStore;
  prefix: string;
  log: Log;
}

export function createManagementParts({ config, databases, log }: Foundation, accounts: AccountParts): ManagementParts {
  return {
    ...accounts,
    accessTokens: createAccessTokenStore(databases.portal, accounts.random),
    requests: createIdempotencyStore(databases.portal),
    prefix: config.keyPrefix,
    log,
  };
}

export function bindManagement(parts: ManagementParts): Pick<Portal, 'accessTokens' | 'management'> {
  return {
    accessTokens: {
      list: (actor) => parts.accessTokens.list(actor.accountId),
      create: (actor, request, origin) => createAccessToken(parts, actor, request, origin),
      revoke: (actor, tokenId) => revokeAccessToken(parts, actor, tokenId),
    },
    management: openGate(parts),
  };
}

export type BoundLeakedTokens = Pick<Portal['keys'], 'reportLeaked' | 'answerSecretScan'>;

/** What somebody found in public: API keys end as the owner has chosen, access tokens always. */
export function bindLeakedTokens(keys: KeyParts, parts: ManagementParts): BoundLeakedTokens {
  const reportAccessToken = (leak: { token: string; place: string }) => reportLeakedAccessToken(parts, leak);
  return {
    reportLeaked: (tokens, origin) => reportLeakedKeys({ ...keys, reportAccessToken }, tokens, origin),
    answerSecretScan: (scan) => answerSecretScan({ ...keys, reportAccessToken }, scan),
  };
}

export function accessTokenMailWriters(
  parts: ManagementParts,
): Pick<MailWriters, 'mail.access_token_issued' | 'mail.access_token_leaked'> {
  return {
    'mail.access_token_issued': (payload) => accessTokenIssuedMail(parts, payload),
    'mail.access_token_leaked': (payload) => accessTokenLeakedMail(parts, payload),
  };
}
