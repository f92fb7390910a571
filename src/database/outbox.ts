import type { Transaction } from 'kysely';

import type { Database } from './database.ts';
import type { PortalEvent } from '../platform/portal-event.ts';
import { type Random, newId } from '../platform/random.ts';
import type { PortalSchema } from './schema.ts';

/** Everything the outbox can be asked to do. Payloads hold ids, never tokens: a token is made when the mail is sent. */
export interface OutboxPayloads {
  'mail.verify_email': { accountId: string };
  /** Someone signed up with an address that has an account already. */
  'mail.sign_up_attempt': { accountId: string };
  /** Whether this address has an account is looked up when the mail is written, so that asking tells nothing. */
  'mail.reset_password': { email: string };
  /** `address` and `atMs`: from where and when it was done. */
  'mail.password_changed': { accountId: string; address: string; atMs: number };
  /** Goes to the new address, with the link. */
  'mail.confirm_new_email': { accountId: string };
  /** Goes to the present address. */
  'mail.email_change_requested': { accountId: string; address: string; atMs: number };
  /** Goes to `to`: once the former address, once the new one. */
  'mail.email_changed': { to: string; address: string; atMs: number };
  'mail.second_factor_changed': { accountId: string; isOn: boolean; address: string; atMs: number };
  /** `copied`: it was refused, because its counter did not grow. */
  'mail.passkey_changed': {
    accountId: string;
    name: string;
    event: 'added' | 'removed' | 'copied';
    address: string;
    atMs: number;
  };
  /** `provider` as people know it. */
  'mail.identity_changed': {
    accountId: string;
    provider: string;
    label: string;
    event: 'linked' | 'unlinked';
    address: string;
    atMs: number;
  };
  'mail.access_token_issued': { accountId: string; tokenId: string; address: string; atMs: number };
  /** `place` is where a signed scan found it; '' when somebody reported it. */
  'mail.access_token_leaked': { accountId: string; name: string; place: string };
  'mail.key_reminder': { accountId: string; keyId: string; event: 'expiry' | 'rotation'; dueAtMs: number };
  /** Nobody confirmed its token; `restoredKeyId` is the key that it was to replace and that goes on. */
  'mail.key_withdrawn': { accountId: string; keyId: string; restoredKeyId: string | null };
  /** Nobody calls it. `suspendAtMs`: when it is suspended for that, or was; null when its plan does not say so. */
  'mail.key_dormant': {
    accountId: string;
    keyId: string;
    lastCalledAtMs: number | null;
    suspendAtMs: number | null;
  };
  'mail.key_suspended': { accountId: string; keyId: string; message: string };
  'mail.key_resumed': { accountId: string; keyId: string; message: string };
  /** `place` is where a signed scan found it; '' when somebody reported it. */
  'mail.key_leaked': { accountId: string; keyId: string; action: 'revoked' | 'suspended' | 'flagged'; place: string };
  /** All keys of an application, or of a team when `applicationId` is null. */
  'mail.keys_revoked': {
    accountId: string;
    teamId: string;
    applicationId: string | null;
    keys: number;
    reason: string;
  };
  /** A share of a quota was reached; for members of the team and for owners. */
  'mail.quota_reached': { accountId: string; counter: string; windowStartMs: number; percent: 50 | 80 | 90 | 100 };
  'mail.notice': { accountId: string; slug: string; revisionAtMs: number };
  /** All that waited for the digest of one account when it was queued. */
  'mail.notice_digest': { accountId: string; queuedAtMs: number };
  'mail.notice_reminder': { accountId: string; slug: string; revisionAtMs: number };
  /** A policy that concerns a team of the account reached this stage; `isMilder`: it was at a more serious one. */
  'mail.policy_stage': {
    accountId: string;
    policyId: string;
    stage: 'draft' | 'announced' | 'observed' | 'warned' | 'enforced' | 'withdrawn';
    isMilder: boolean;
  };
  /** Dates of a policy that concerns a team of the account were changed, from `former` to `dates`. */
  'mail.policy_dates': {
    accountId: string;
    policyId: string;
    dates: { warned: number | null; enforced: number | null };
    former: { warned: number | null; enforced: number | null };
  };
  /** Somebody reported a weakness, or added to a report; to an owner. */
  'mail.security_report': { accountId: string; reportId: string };
  /** To the reporter, if they left an address. */
  'mail.security_report_answered': { reportId: string };
  /** To an owner: keys that Tyk has lost and that have to be rotated. */
  'mail.tyk_keys_lost': { accountId: string };
  'mail.webhook_off': { accountId: string; endpointId: string };
  /** To become a member of a team, or an owner. Goes to the address of the invitation; the link is made then. */
  'mail.invitation': { invitationId: string };
  /** To the admins of a team, or to owners when `teamId` is null: somebody has accepted. */
  'mail.member_joined': { accountId: string; teamId: string | null; memberEmail: string; role: string };
  /** To who is concerned; `role` null: no member any more. `teamId` null: as an owner. */
  'mail.membership_changed': { accountId: string; teamId: string | null; role: string | null };
  /** A team asks for a plan that needs an owner's word; to an owner. Then the answer, to the team. */
  'mail.subscription_requested': { accountId: string; requestId: string };
  'mail.subscription_decided': { accountId: string; requestId: string };
  /** An owner has paused an account, a team or an application, or let it go on; `name` as the reader knows it. */
  'mail.deletion_asked': { accountId: string; askedAtMs: number };
  'mail.account_deleted': { to: string };
  'mail.suspension': {
    accountId: string;
    kind: 'account' | 'team' | 'application';
    name: string;
    isSuspended: boolean;
    message: string;
  };
  /** Something happened that webhooks tell of. */
  event: PortalEvent;
}

export type OutboxKind = keyof OutboxPayloads;

/** What one worker takes from the outbox: the first word of a kind. */
export type OutboxFamily = OutboxKind extends infer Kind
  ? Kind extends `${infer Family}.${string}`
    ? Family
    : Kind
  : never;

/** Adds work to the caller's transaction: it happens if, and only if, the change is committed. */
export async function enqueue<Kind extends OutboxKind>(
  transaction: Transaction<PortalSchema>,
  item: { kind: Kind; payload: OutboxPayloads[Kind]; random: Random; nowMs: number },
): Promise<void> {
  await enqueueAll(transaction, { ...item, payloads: [item.payload] });
}

/** As `enqueue`, for at most a few hundred at once: a statement has a limited number of parameters. */
export async function enqueueAll<Kind extends OutboxKind>(
  transaction: Transaction<PortalSchema>,
  items: { kind: Kind; payloads: readonly OutboxPayloads[Kind][]; random: Random; nowMs: number },
): Promise<void> {
  if (items.payloads.length === 0) return;
  const rows = items.payloads.map((payload) => ({
    id: newId(items.random, 'out'),
    kind: items.kind,
    payload: JSON.stringify(payload),
    created_at_ms: items.nowMs,
    available_at_ms: items.nowMs,
    attempts: 0,
    last_error: null,
    done_at_ms: null,
  }));
  await transaction.insertInto('outbox').values(rows).execute();
}

/** One piece of work that is due and now ours until its lease ends. */
export interface ClaimedItem {
  id: string;
  kind: string;
  /** JSON, one of OutboxPayloads. */
  payload: string;
  createdAtMs: number;
  /** This attempt included. */
  attempts: number;
}

export interface OutboxStore {
  /**
   * Takes what is due of one family, oldest first, and hides it from everybody for `leaseMs`: a process that dies meanwhile
   * loses nothing, the work comes back (at least once, never lost).
   */
  claimDue(request: {
    family: OutboxFamily;
    nowMs: number;
    leaseMs: number;
    limit: number;
  }): Promise<readonly ClaimedItem[]>;
  /** Ends the work; `error` names why it was given up, null when it succeeded. */
  finish(id: string, nowMs: number, error: string | null): Promise<void>;
  postpone(id: string, availableAtMs: number, error: string): Promise<void>;
  /** Forgets what ended before `endedBeforeMs`. */
  removeFinished(endedBeforeMs: number): Promise<void>;
}

export function createOutboxStore({ kysely }: Database<PortalSchema>): OutboxStore {
  return {
    async claimDue({ family, nowMs, leaseMs, limit }) {
      const due = kysely
        .selectFrom('outbox')
        .select('id')
        .where('done_at_ms', 'is', null)
        .where('available_at_ms', '<=', nowMs)
        .where((row) => row.or([row('kind', '=', family), row('kind', 'like', `${family}.%`)]))
        .orderBy('available_at_ms')
        .limit(limit);
      const rows = await kysely
        .updateTable('outbox')
        .set((expression) => ({ available_at_ms: nowMs + leaseMs, attempts: expression('attempts', '+', 1) }))
        .where('id', 'in', due)
        // Once more for PostgreSQL: a second claimer that waited for the row sees here that it is taken.
        .where('done_at_ms', 'is', null)
        .where('available_at_ms', '<=', nowMs)
        .returning(['id', 'kind', 'payload', 'created_at_ms', 'attempts'])
        .execute();
      return rows.map(({ created_at_ms, ...row }) => ({ ...row, createdAtMs: created_at_ms }));
    },
    async finish(id, nowMs, error) {
      await kysely.updateTable('outbox').set({ done_at_ms: nowMs, last_error: error }).where('id', '=', id).execute();
    },
    async postpone(id, availableAtMs, error) {
      await kysely
        .updateTable('outbox')
        .set({ available_at_ms: availableAtMs, last_error: error })
        .where('id', '=', id)
        .execute();
    },
    async removeFinished(endedBeforeMs) {
      await kysely.deleteFrom('outbox').where('done_at_ms', '<', endedBeforeMs).execute();
    },
  };
}
