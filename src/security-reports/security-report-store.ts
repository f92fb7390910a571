import type { Selectable, Transaction } from 'kysely';

import { appendAudit } from '../audit/audit-log.ts';
import type { Database } from '../database/database.ts';
import { enqueue } from '../database/outbox.ts';
import type { Random } from '../platform/random.ts';
import type { PortalSchema } from '../database/schema.ts';
import type { ReportCursor, ReportState, SecurityReport } from './security-report.ts';

export interface SealedMessage {
  id: string;
  author: 'reporter' | 'owner';
  sealedText: Uint8Array;
  createdAtMs: number;
}

/** Reports as they are stored: texts and contacts sealed. Each change has an audit entry without either. */
export interface SecurityReportStore {
  /** Mails the owners. */
  add(report: NewReport): Promise<void>;
  /** By the reporter; mails the owners. */
  addMessage(reportId: string, message: SealedMessage): Promise<void>;
  /** By an owner; mails the reporter if they left an address. `message`: null changes the state only. */
  answer(answer: ReportAnswer): Promise<boolean>;
  find(reportId: string): Promise<SecurityReport | null>;
  findByToken(tokenHash: string): Promise<SecurityReport | null>;
  messages(reportId: string): Promise<readonly SealedMessage[]>;
  sealedContact(reportId: string): Promise<Uint8Array | null>;
  /** Newest first. @param before last of the page before; null for the newest */
  list(before: ReportCursor | null, limit: number): Promise<readonly SecurityReport[]>;
}

export interface NewReport {
  id: string;
  tokenHash: string;
  sealedContact: Uint8Array | null;
  message: SealedMessage;
}

export interface ReportAnswer {
  reportId: string;
  actorId: string;
  state: ReportState;
  message: SealedMessage | null;
  nowMs: number;
}

export function createSecurityReportStore({ kysely }: Database<PortalSchema>, random: Random): SecurityReportStore {
  const reports = () => kysely.selectFrom('security_report').selectAll();
  return {
    add: ({ id, tokenHash, sealedContact, message }) =>
      kysely.transaction().execute(async (transaction) => {
        const times = { created_at_ms: message.createdAtMs, changed_at_ms: message.createdAtMs };
        await transaction
          .insertInto('security_report')
          .values({ id, token_hash: tokenHash, state: 'received', encrypted_contact: sealedContact, ...times })
          .execute();
        await insertMessage(transaction, id, message);
        await note(transaction, 'security_report.received', id, 'system', {}, message.createdAtMs);
        await mailOwners(transaction, id, random, message.createdAtMs);
      }),
    addMessage: (reportId, message) =>
      kysely.transaction().execute(async (transaction) => {
        await insertMessage(transaction, reportId, message);
        const { createdAtMs } = message;
        await transaction
          .updateTable('security_report')
          .set({ changed_at_ms: createdAtMs })
          .where('id', '=', reportId)
          .execute();
        await note(transaction, 'security_report.continued', reportId, 'system', {}, createdAtMs);
        await mailOwners(transaction, reportId, random, createdAtMs);
      }),
    answer: (answer) => kysely.transaction().execute((transaction) => writeAnswer(transaction, answer, random)),
    async find(reportId) {
      const row = await reports().where('id', '=', reportId).executeTakeFirst();
      return row ? toReport(row) : null;
    },
    async findByToken(tokenHash) {
      const row = await reports().where('token_hash', '=', tokenHash).executeTakeFirst();
      return row ? toReport(row) : null;
    },
    async messages(reportId) {
      const rows = await kysely
        .selectFrom('security_report_message')
        .selectAll()
        .where('report_id', '=', reportId)
        .orderBy('created_at_ms')
        .orderBy('id')
        .execute();
      return rows.map((row) => ({
        id: row.id,
        author: row.author,
        sealedText: row.encrypted_text,
        createdAtMs: row.created_at_ms,
      }));
    },
    async sealedContact(reportId) {
      const row = await reports().where('id', '=', reportId).executeTakeFirst();
      return row?.encrypted_contact ?? null;
    },
    async list(before, limit) {
      const older = before
        ? reports().where((row) =>
            row.or([
              row('created_at_ms', '<', before.createdAtMs),
              row.and([row('created_at_ms', '=', before.createdAtMs), row('id', '<', before.id)]),
            ]),
          )
        : reports();
      const rows = await older.orderBy('created_at_ms', 'desc').orderBy('id', 'desc').limit(limit).execute();
      return rows.map(toReport);
    },
  };
}

async function writeAnswer(
  transaction: Transaction<PortalSchema>,
  { reportId, actorId, state, message, nowMs }: ReportAnswer,
  random: Random,
): Promise<boolean> {
  const changed = await transaction
    .updateTable('security_report')
    .set({ state, changed_at_ms: nowMs })
    .where('id', '=', reportId)
    .returning('encrypted_contact')
    .executeTakeFirst();
  if (!changed) return false;
  if (message) await insertMessage(transaction, reportId, message);
  await note(transaction, 'security_report.answered', reportId, actorId, { state, hasText: message !== null }, nowMs);
  if (changed.encrypted_contact)
    await enqueue(transaction, { kind: 'mail.security_report_answered', payload: { reportId }, random, nowMs });
  return true;
}

async function insertMessage(
  transaction: Transaction<PortalSchema>,
  reportId: string,
  { id, author, sealedText, createdAtMs }: SealedMessage,
): Promise<void> {
  await transaction
    .insertInto('security_report_message')
    .values({ id, report_id: reportId, author, encrypted_text: sealedText, created_at_ms: createdAtMs })
    .execute();
}

async function note(
  transaction: Transaction<PortalSchema>,
  action: string,
  subject: string,
  actor: string,
  details: Record<string, unknown>,
  atMs: number,
): Promise<void> {
  await appendAudit(transaction, { atMs, actor, action, subject, teamId: null, details });
}

async function mailOwners(
  transaction: Transaction<PortalSchema>,
  reportId: string,
  random: Random,
  nowMs: number,
): Promise<void> {
  const owners = await transaction
    .selectFrom('account')
    .select('id')
    .where('role', '=', 'owner')
    .where('email_verified_at_ms', 'is not', null)
    .where('suspended_at_ms', 'is', null)
    .execute();
  for (const { id: accountId } of owners)
    await enqueue(transaction, { kind: 'mail.security_report', payload: { accountId, reportId }, random, nowMs });
}

function toReport(row: Selectable<PortalSchema['security_report']>): SecurityReport {
  return {
    id: row.id,
    state: row.state,
    hasContact: row.encrypted_contact !== null,
    createdAtMs: row.created_at_ms,
    changedAtMs: row.changed_at_ms,
  };
}
