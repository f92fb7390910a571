import { createHash } from 'node:crypto';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { Actor } from '../../src/accounts/account.ts';
import { appendAudit } from '../../src/audit/audit-log.ts';
import { NO_AUDIT_FILTER, type AuditFilter, type AuditScope } from '../../src/audit/audit-query.ts';
import { parseAuditQuery } from '../../src/audit/audit-query.form.ts';
import { type AuditReadingStore, createAuditReadingStore } from '../../src/audit/audit-reading-store.ts';
import { type AuditFormat, exportAudit } from '../../src/audit/export-audit.ts';
import { auditReader, readAudit } from '../../src/audit/read-audit.ts';
import type { ApiKey } from '../../src/keys/api-key.ts';
import { renameKey } from '../../src/keys/rename-key.ts';
import { suspendKey } from '../../src/keys/suspend-key.ts';
import { withRequestAddress } from '../../src/platform/request-address.ts';
import { addActor } from '../applications/cast.ts';
import { type House, NOW_MS, openHouse } from '../keys/house.ts';
import { forEachDialect } from '../support/databases.ts';

forEachDialect((dialect) => {
  let house: House;
  let store: AuditReadingStore;
  let owner: Actor;
  let applicationId: string;
  let key: ApiKey;
  beforeEach(async () => {
    house = await openHouse(dialect);
    store = createAuditReadingStore(house.test.database);
    owner = await addActor(house.test.database, 'olga', { role: 'owner', teamIds: [] });
    applicationId = await house.addApplication(house.nora);
    ({ key } = await house.addKey(applicationId));
  });
  afterEach(() => house.test.close());

  const scopeOf = ({ teamIds, accountId }: Actor): AuditScope => ({ teamIds, accountId });
  const read = async (scope: AuditScope, filter: Partial<AuditFilter> = {}, beforeSequence: number | null = null) =>
    readAudit(store, await auditReader(store, scope), {
      filter: { ...NO_AUDIT_FILTER, ...filter },
      beforeSequence,
      limit: 3,
    });
  const actions = async (filter: Partial<AuditFilter>) =>
    (await read(scopeOf(house.nora), filter)).lines.map(({ action }) => action);
  const rename = (name: string) => renameKey(house.deps, house.nora, { applicationId, keyId: key.id, name });

  async function exported(scope: AuditScope, format: AuditFormat, filter = NO_AUDIT_FILTER): Promise<string[]> {
    const pieces: string[] = [];
    for await (const piece of exportAudit(store, await auditReader(store, scope), { format, filter }))
      pieces.push(piece);
    return pieces;
  }

  describe('the audit log of a team', () => {
    it('has what concerns the team, newest first, page by page, and nothing of others', async () => {
      const foreign = await house.addApplication(house.mallory);
      for (const name of ['a', 'b', 'c']) await rename(name);
      const first = await read(scopeOf(house.nora));
      const second = await read(scopeOf(house.nora), {}, first.nextBeforeSequence);
      const all = [...first.lines, ...second.lines];
      expect(all.map(({ action }) => action)).toEqual([
        'key.renamed',
        'key.renamed',
        'key.renamed',
        'key.issued',
        'application.created',
      ]);
      expect(second.nextBeforeSequence).toBeNull();
      expect(all.map(({ subject }) => subject)).not.toContain(foreign);
      expect(all[0]).toMatchObject({ actorName: house.nora.email, subjectName: 'c', applicationName: 'Depot' });
      expect(all[0]?.details).toEqual({ name: 'c', before: { name: 'b' } });
    });

    it('has what the account did to itself, and nothing that another member did to his', async () => {
      const entry = {
        atMs: NOW_MS,
        actor: house.nora.accountId,
        action: 'account.signed_in',
        teamId: null,
        details: {},
      };
      await house.test.database.kysely.transaction().execute(async (transaction) => {
        await appendAudit(transaction, { ...entry, subject: house.nora.accountId });
        await appendAudit(transaction, { ...entry, subject: house.mallory.accountId });
      });
      expect(await actions({ area: 'account' })).toEqual(['account.signed_in']);
    });

    it('is narrowed by area, application, actor, subject and time, and by all at once', async () => {
      const other = await house.addApplication(house.nora);
      house.time.nowMs = NOW_MS + 1000;
      await rename('later');
      expect(await actions({ area: 'application' })).toEqual(['application.created', 'application.created']);
      expect(await actions({ applicationId: other })).toEqual(['application.created']);
      expect(await actions({ applicationId })).toEqual(['key.renamed', 'key.issued', 'application.created']);
      expect(await actions({ subject: key.id })).toEqual(['key.renamed', 'key.issued']);
      expect(await actions({ actor: 'system' })).toEqual([]);
      expect(await actions({ fromMs: NOW_MS + 1000 })).toEqual(['key.renamed']);
      expect(await actions({ area: 'key', applicationId, untilMs: NOW_MS + 1000 })).toEqual(['key.issued']);
    });

    it('calls owners the provider, and does not tell from where they came', async () => {
      await withRequestAddress('198.51.100.77', () =>
        suspendKey(house.deps, owner, { keyId: key.id, message: 'Stop.' }),
      );
      const { lines } = await read(scopeOf(house.nora), { actor: 'others' });
      expect(lines).toHaveLength(1);
      expect(lines[0]).toMatchObject({ action: 'key.suspended', actorName: 'the provider', address: null });
      const text =
        (await exported(scopeOf(house.nora), 'ndjson')).join('') +
        (await exported(scopeOf(house.nora), 'csv')).join('');
      expect(text).not.toContain('198.51.100.77');
      expect(text).not.toContain(owner.email);
      const whole = await read('everything', { subject: key.id });
      expect(whole.lines[0]).toMatchObject({ actorName: owner.email, address: '198.51.100.77' });
    });

    it('tells from where something was asked for', async () => {
      await withRequestAddress('203.0.113.9', () => rename('moved'));
      expect((await read(scopeOf(house.nora))).lines[0]).toMatchObject({ address: '203.0.113.9' });
      await rename('by a job');
      expect((await read(scopeOf(house.nora))).lines[0]).toMatchObject({ address: null });
    });
  });

  describe('an export', () => {
    it('has every entry once, a few hundred at a time, whatever the number', async () => {
      const record = (index: number) => ({
        atMs: NOW_MS,
        actor: house.nora.accountId,
        action: 'key.renamed',
        subject: key.id,
        teamId: house.nora.teamIds[0] ?? '',
        details: { index },
      });
      await house.test.database.kysely.transaction().execute(async (transaction) => {
        for (let index = 0; index < 1100; index += 1) await appendAudit(transaction, record(index));
      });
      const pieces = await exported(scopeOf(house.nora), 'ndjson');
      expect(pieces.map((piece) => piece.split('\n').length - 1)).toEqual([500, 500, 102]);
      const found = pieces
        .join('')
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { details: { index?: number } }).details.index);
      expect(found.slice(0, 1100)).toEqual(Array.from({ length: 1100 }, (_, index) => 1099 - index));
    });

    it('as CSV runs no formula: a key called =1+1 is text', async () => {
      await rename('=cmd|calc');
      const csv = (await exported(scopeOf(house.nora), 'csv')).join('');
      expect(csv.startsWith('\uFEFFtime,action,subject,')).toBe(true);
      expect(csv).toContain(`"'=cmd|calc"`);
      expect(csv).not.toMatch(/(^|,)=/m);
    });

    it('for owners lets the chain be checked without the portal', async () => {
      await rename('one more');
      const lines = (await exported('everything', 'ndjson')).join('').trim().split('\n').reverse();
      let previous = '';
      for (const line of lines) {
        const { sequence, atMs, actor, action, subject, teamId, details, hash } = JSON.parse(line) as Record<
          string,
          unknown
        >;
        const text = JSON.stringify([
          previous,
          sequence,
          atMs,
          actor,
          action,
          subject,
          teamId,
          JSON.stringify(details),
        ]);
        previous = createHash('sha256').update(text).digest('hex');
        expect(previous).toBe(hash);
      }
      expect(previous).toBe((await store.head()).hash);
      expect((await exported(scopeOf(house.nora), 'ndjson')).join('')).not.toContain('"hash"');
    });
  });
});

describe('the address of a list', () => {
  const parse = (text: string) => parseAuditQuery(new URLSearchParams(text));

  it('is read into a filter; the last day is included', () => {
    const { filter, beforeSequence, errors } = parse('area=key&actor=acc_1&from=2026-11-24&until=2026-11-24&before=40');
    expect(errors).toBeUndefined();
    expect(beforeSequence).toBe(40);
    expect(filter).toMatchObject({
      area: 'key',
      actor: 'acc_1',
      fromMs: Date.UTC(2026, 10, 24),
      untilMs: Date.UTC(2026, 10, 25),
    });
  });

  it.each([
    ['from=tomorrow', 'from'],
    ['from=2026-02-30', 'from'],
    ['until=2026-13-01', 'until'],
    ['from=2026-11-24&until=2026-11-23', 'until'],
    ['subject=%3Cscript%3E', 'subject'],
    ['application=1 or 1', 'application'],
  ])('that says %s is told at its field', (text, field) => {
    expect(Object.keys(parse(text).errors ?? {})).toEqual([field]);
  });
});
