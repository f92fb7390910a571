import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import type { Actor } from '../../src/accounts/account.ts';
import { createAccountStore } from '../../src/accounts/account-store.ts';
import { createAllowanceStore } from '../../src/accounts/allowance-store.ts';
import { systemRandom } from '../../src/platform/random.ts';
import { answerReport, listReports, readReport, readReportByToken } from '../../src/security-reports/answer-report.ts';
import { addToReport, fileReport } from '../../src/security-reports/file-report.ts';
import { parseReportForm } from '../../src/security-reports/file-report.form.ts';
import { createReportCipher } from '../../src/security-reports/report-cipher.ts';
import { reportAnsweredMail, reportArrivedMail } from '../../src/security-reports/report-mail.ts';
import {
  type ReportCursor,
  type SecurityReport,
  readReportCursor,
  reportCursorText,
} from '../../src/security-reports/security-report.ts';
import { createSecurityReportStore } from '../../src/security-reports/security-report-store.ts';
import { addActor } from '../applications/cast.ts';
import { type TestDatabase, forEachDialect, openTestDatabase } from '../support/databases.ts';

const NOW_MS = Date.UTC(2026, 10, 24, 10);
const secret = (text: string) => new TextEncoder().encode(text);
const TEXT = 'Labels of others can be read at /labels/2.';

describe('the cipher', () => {
  const cipher = createReportCipher(secret('a secret of thirty-two characters'), systemRandom);
  const sealed = cipher.seal('rpt_1', TEXT);

  test('opens what it sealed, and hides it; the same text never looks the same', () => {
    expect(cipher.open('rpt_1', sealed)).toBe(TEXT);
    expect(Buffer.from(sealed).toString('latin1')).not.toContain('Labels');
    expect(cipher.seal('rpt_1', TEXT)).not.toEqual(sealed);
  });

  test('opens nothing of another place, another secret, or that was changed', () => {
    expect(cipher.open('rpt_2', sealed)).toBeNull();
    const other = createReportCipher(secret('another secret of thirty-two chars'), systemRandom);
    expect(other.open('rpt_1', sealed)).toBeNull();
    for (const at of [0, 15, 30, sealed.length - 1]) {
      const changed = Uint8Array.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(cipher.open('rpt_1', changed)).toBeNull();
    }
    expect(cipher.open('rpt_1', sealed.subarray(0, 20))).toBeNull();
  });
});

describe('the form', () => {
  test.each([
    [{ text: '' }, 'text'],
    [{ text: 'x'.repeat(20_001) }, 'text'],
    [{ text: TEXT, email: 'not an address' }, 'email'],
    [{ text: TEXT, email: 'a@b.example\nBcc: c@d.example' }, 'email'],
  ])('%o is refused at %s', (fields, field) => {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    const parsed = parseReportForm(form);
    expect(parsed.ok ? null : Object.keys(parsed.errors)).toEqual([field]);
  });
});

forEachDialect((dialect) => {
  let opened: TestDatabase;
  let owner: Actor;
  let deps: ReturnType<typeof partsOf>;
  const time = { nowMs: NOW_MS };
  const origin = { address: '203.0.113.9', userAgent: '' };

  function partsOf({ database }: TestDatabase) {
    return {
      reports: createSecurityReportStore(database, systemRandom),
      accounts: createAccountStore(database, systemRandom),
      allowances: createAllowanceStore(database),
      cipher: createReportCipher(secret('a secret of thirty-two characters'), systemRandom),
      clock: { nowMs: () => (time.nowMs += 1) },
      random: systemRandom,
      publicUrl: 'https://portal.example',
    };
  }

  beforeEach(async () => {
    time.nowMs = NOW_MS;
    opened = await openTestDatabase(dialect);
    deps = partsOf(opened);
    const actor = await addActor(opened.database, 'olga');
    await opened.database.kysely.updateTable('account').set({ role: 'owner', email_verified_at_ms: 1 }).execute();
    owner = { ...actor, role: 'owner' };
    await addActor(opened.database, 'dora');
  });
  afterEach(() => opened.close());

  const file = async (email: string | null = null) => {
    const filed = await fileReport(deps, { text: TEXT, email }, origin);
    if (!filed.ok) throw new Error(filed.reason);
    return filed;
  };
  const queued = async () => {
    const rows = await opened.database.kysely.selectFrom('outbox').selectAll().orderBy('kind').execute();
    return rows.map(({ kind, payload }) => ({ kind, payload: JSON.parse(payload) as Record<string, string> }));
  };

  test('the link opens the thread, and nothing else does', async () => {
    const { reportId, token } = await file();
    const thread = await readReportByToken(deps, token);
    expect(thread).toEqual({
      report: { id: reportId, state: 'received', hasContact: false, createdAtMs: NOW_MS + 1, changedAtMs: NOW_MS + 1 },
      messages: [{ author: 'reporter', text: TEXT, createdAtMs: NOW_MS + 1 }],
    });
    for (const other of ['', reportId, `${token}x`, token.toLowerCase()])
      expect(await readReportByToken(deps, other)).toBeNull();
  });

  test('neither text, nor address, nor token stand in the database', async () => {
    const { token } = await file('finder@example.org');
    const tables = ['security_report', 'security_report_message', 'audit_entry', 'outbox'] as const;
    for (const table of tables) {
      const rows = await opened.database.kysely.selectFrom(table).selectAll().execute();
      expect(rows.length).toBeGreaterThan(0);
      const text = rows
        .flatMap((row) => Object.values(row))
        .map((value) => (value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value)))
        .join('\n');
      for (const hidden of ['Labels', 'finder', token]) expect(text).not.toContain(hidden);
    }
  });

  test('owners are told by mail, without the text; nobody else is', async () => {
    const { reportId } = await file('finder@example.org');
    const items = await queued();
    expect(items).toEqual([{ kind: 'mail.security_report', payload: { accountId: owner.accountId, reportId } }]);
    const mail = await reportArrivedMail(deps, { accountId: owner.accountId, reportId });
    expect(mail?.text).toContain(`https://portal.example/owner/security-reports/${reportId}`);
    expect(JSON.stringify(mail)).not.toContain('Labels');
  });

  test('an answer reaches the reporter as a link alone, if they left an address', async () => {
    const { reportId, token } = await file('finder@example.org');
    const answer = { text: 'Fixed this morning.', state: 'fixed' as const };
    expect(await answerReport(deps, owner, reportId, answer)).toEqual({ ok: true });
    expect((await queued()).filter(({ kind }) => kind === 'mail.security_report_answered')).toEqual([
      { kind: 'mail.security_report_answered', payload: { reportId } },
    ]);
    const mail = await reportAnsweredMail(deps, { reportId });
    expect([mail?.to, mail?.text.includes(`https://portal.example/security/reports/${token}`)]).toEqual([
      ...['finder@example.org', true],
    ]);
    expect(mail?.text).not.toContain('this morning');
    const thread = await readReportByToken(deps, token);
    expect([thread?.report.state, thread?.messages.at(-1)]).toEqual([
      'fixed',
      { author: 'owner', text: 'Fixed this morning.', createdAtMs: NOW_MS + 2 },
    ]);
    const silent = await file();
    await answerReport(deps, owner, silent.reportId, answer);
    expect(await reportAnsweredMail(deps, { reportId: silent.reportId })).toBeNull();
    expect((await queued()).filter(({ kind }) => kind === 'mail.security_report_answered')).toHaveLength(1);
  });

  test('the reporter adds to it, whoever else guesses does not', async () => {
    const { reportId, token } = await file();
    expect(await addToReport(deps, token, 'One more step.', origin)).toEqual({ ok: true });
    expect(await addToReport(deps, 'guessed', 'Nonsense.', origin)).toEqual({ ok: false, reason: 'not_found' });
    expect((await readReport(deps, owner, reportId))?.messages.map(({ text }) => text).sort()).toEqual([
      ...[TEXT, 'One more step.'].sort(),
    ]);
    const items = await queued();
    expect(items.filter(({ kind }) => kind === 'mail.security_report')).toHaveLength(2);
  });

  test('for developers there are no reports', async () => {
    const { reportId } = await file();
    const developer = { role: 'developer' as const, accountId: 'acc_dora' };
    const page = { before: null, limit: 2 };
    expect(await listReports(deps, developer, page)).toBeNull();
    expect(await readReport(deps, developer, reportId)).toBeNull();
    const answer = { text: 'No.', state: 'declined' as const };
    expect(await answerReport(deps, developer, reportId, answer)).toEqual({ ok: false, reason: 'not_found' });
    expect((await listReports(deps, owner, page))?.map(({ id, state }) => [id, state])).toEqual([
      [reportId, 'received'],
    ]);
  });

  test('every report stands on one page of the list, newest first, also those of one moment', async () => {
    const row = { state: 'received' as const, encrypted_contact: null, changed_at_ms: NOW_MS };
    const ids = Array.from({ length: 7 }, (_, at) => `rep_${at}`);
    for (const [at, id] of ids.entries()) {
      const report = { ...row, id, token_hash: id, created_at_ms: NOW_MS + Math.floor(at / 3) };
      await opened.database.kysely.insertInto('security_report').values(report).execute();
    }
    const seen: string[] = [];
    for (let before: ReportCursor | null = null, pages = 0; pages < 4; pages += 1) {
      const found: readonly SecurityReport[] = (await listReports(deps, owner, { before, limit: 2 })) ?? [];
      seen.push(...found.map(({ id }) => id));
      const last = found.at(-1);
      before = last ? readReportCursor(reportCursorText(last)) : null;
    }
    expect(seen).toEqual(ids.toReversed());
  });

  test('an answer that says nothing changes nothing; each change has an audit entry with its actor', async () => {
    const { reportId } = await file();
    const same = { text: '', state: 'received' as const };
    expect(await answerReport(deps, owner, reportId, same)).toEqual({ ok: false, reason: 'nothing_changed' });
    await answerReport(deps, owner, reportId, { text: '', state: 'confirmed' });
    const entries = await opened.database.kysely.selectFrom('audit_entry').selectAll().orderBy('sequence').execute();
    expect(entries.map(({ action, actor, subject }) => [action, actor, subject])).toEqual([
      ['security_report.received', 'system', reportId],
      ['security_report.answered', owner.accountId, reportId],
    ]);
  });

  test('after SESSION_SECRET has changed the thread is still there, unreadable', async () => {
    const { reportId } = await file('finder@example.org');
    const changed = { ...deps, cipher: createReportCipher(secret('another secret of thirty-two chars'), systemRandom) };
    expect((await readReport(changed, owner, reportId))?.messages).toMatchObject([{ text: null }]);
    expect(await reportAnsweredMail(changed, { reportId })).toBeNull();
  });

  test('one network can send twenty at once', async () => {
    for (let count = 0; count < 20; count += 1) await file();
    expect(await fileReport(deps, { text: TEXT, email: null }, origin)).toMatchObject({
      ...{ ok: false, reason: 'too_many_reports', retryAfterSeconds: 360 },
    });
    const elsewhere = { ...origin, address: '198.51.100.1' };
    expect(await fileReport(deps, { text: TEXT, email: null }, elsewhere)).toMatchObject({ ok: true });
  });
});
