import { generateKeyPairSync, sign } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { createAllowanceStore } from '../../src/accounts/allowance-store.ts';
import { answerSecretScan } from '../../src/leaked-keys/answer-secret-scan.ts';
import { issueSecret } from '../../src/keys/key-secret.ts';
import { readKeyHistory } from '../../src/keys/read-key-history.ts';
import { parseReportLeakedKeyForm } from '../../src/leaked-keys/report-leaked-key.form.ts';
import { toPeppers } from '../../src/keys/pepper.ts';
import { reportLeakedKey } from '../../src/leaked-keys/report-leaked-key.ts';
import { reportLeakedKeys } from '../../src/leaked-keys/report-leaked-keys.ts';
import { revokeKey } from '../../src/key-revocation/revoke-key.ts';
import { parseScannerKeys } from '../../src/leaked-keys/secret-scanning.ts';
import { systemRandom } from '../../src/platform/random.ts';
import { formOf } from '../applications/cast.ts';
import { forEachDialect } from '../support/databases.ts';
import { type House, NOW_MS, PEPPER, openHouse } from '../keys/house.ts';

const scanner = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const scannerKeys = parseScannerKeys(
  JSON.stringify({
    public_keys: [{ key_identifier: 'k1', key: scanner.publicKey.export({ type: 'spki', format: 'pem' }) }],
  }),
);
const PLACE = 'https://github.com/o/r/blob/1/f.txt';

forEachDialect((dialect) => {
  let house: House;
  let applicationId: string;
  beforeAll(async () => {
    house = await openHouse(dialect);
  });
  beforeEach(async () => {
    house.time.nowMs = NOW_MS;
    applicationId = await house.addApplication(house.nora);
    await house.test.database.kysely.deleteFrom('outbox').execute();
  });
  afterAll(() => house.test.close());

  const reportAccessToken = () => Promise.resolve(false);
  const outbox = () => {
    const mails = house.test.database.kysely.selectFrom('outbox').where('kind', 'like', 'mail.%');
    return mails.select(['kind', 'payload']).execute();
  };
  const report = (token: string, place = '', leakedKeyAction: 'revoke' | 'suspend' = 'revoke') =>
    reportLeakedKey({ ...house.deps, leakedKeyAction }, { token, place });

  describe('reportLeakedKeys', () => {
    it('lets one network report twenty times at once and then once a minute, and drops no report silently', async () => {
      const allowances = createAllowanceStore(house.test.database);
      const deps = { ...house.deps, leakedKeyAction: 'revoke' as const, allowances, reportAccessToken };
      const { key, token } = await house.addKey(applicationId);
      const from = (address: string) => reportLeakedKeys(deps, [token], { address, userAgent: '' });
      for (let count = 0; count < 20; count += 1) expect(await from('198.51.100.7')).toEqual({ ok: true });
      expect(await house.stored(key)).toMatchObject({ revokedAtMs: NOW_MS });
      const refused = { ok: false, reason: 'too_many_reports', retryAfterSeconds: 60 };
      expect(await from('198.51.100.7')).toEqual(refused);
      expect(await from('203.0.113.9')).toEqual({ ok: true });
      house.time.nowMs += 60_000;
      expect(await from('198.51.100.7')).toEqual({ ok: true });
      expect(await from('198.51.100.7')).toEqual(refused);
    });
  });

  describe('reportLeakedKey', () => {
    it('revokes the key, and queues a mail that tells its team', async () => {
      const { key, token } = await house.addKey(applicationId);
      expect(await report(token, PLACE)).toBe(true);
      expect(await house.stored(key)).toMatchObject({
        revokedAtMs: NOW_MS,
        revokeReason: 'Found in public by a secret scan',
      });
      const [entry] = await readKeyHistory(house.deps, house.nora, { applicationId, keyId: key.id });
      expect(entry).toMatchObject({ action: 'key.revoked', actor: 'system', details: { place: PLACE } });
      const payload = { accountId: house.nora.accountId, keyId: key.id, action: 'revoked', place: PLACE };
      expect(await outbox()).toEqual([{ kind: 'mail.key_leaked', payload: JSON.stringify(payload) }]);
    });

    it('knows it, too, while its pepper is being replaced', async () => {
      const { key, token } = await house.addKey(applicationId);
      const peppers = toPeppers({ keyPepper: new Uint8Array(32), keyPepperPrevious: PEPPER });
      expect(await reportLeakedKey({ ...house.deps, peppers }, { token, place: PLACE })).toBe(true);
      expect(await house.stored(key)).toMatchObject({ revokedAtMs: NOW_MS });
    });

    it('suspends it instead when the owner has chosen that', async () => {
      const { key, token } = await house.addKey(applicationId);
      await report(token, '', 'suspend');
      expect(await house.stored(key)).toMatchObject({
        suspendedAtMs: NOW_MS,
        suspendReason: 'Reported as leaked',
        revokedAtMs: null,
      });
    });

    it('tells the team once, however often and by however many it is reported', async () => {
      const { token } = await house.addKey(applicationId);
      const reports = await Promise.all(Array.from({ length: 20 }, () => report(token)));
      expect(reports).toEqual(Array(20).fill(true));
      expect(await outbox()).toHaveLength(1);
    });

    it('changes nothing for a key that has ended, and nothing for a token that is not ours', async () => {
      const { key, token } = await house.addKey(applicationId);
      await revokeKey(house.deps, house.nora, { applicationId, keyId: key.id, reason: 'old' });
      const { token: expired } = await house.addKey(applicationId, { expiresAtMs: NOW_MS });
      expect([await report(token), await report(expired)]).toEqual([true, true]);
      expect(await house.stored(key)).toMatchObject({ revokeReason: 'old' });
      for (const absent of [issueSecret(systemRandom, 'gth', 'live').token, 'gth_live_x', '', `${token} `]) {
        expect(await report(absent)).toBe(false);
      }
      expect(await outbox()).toEqual([]);
    });

    it('ends only the key that leaked, not its successor', async () => {
      const { key, token } = await house.addKey(applicationId);
      const successor = await house.rotate(key);
      await report(token);
      expect((await house.stored(key)).revokedAtMs).toBe(NOW_MS);
      expect((await house.stored(successor.key)).revokedAtMs).toBeNull();
    });
  });

  describe('answerSecretScan', () => {
    const scan = (matches: unknown, keyIdentifier = 'k1') => {
      const body = new TextEncoder().encode(JSON.stringify(matches));
      const signature = sign('sha256', body, scanner.privateKey).toString('base64');
      return answerSecretScan({ ...house.deps, scannerKeys, reportAccessToken }, { keyIdentifier, signature, body });
    };

    it('ends the keys that a signed report names, and says which were ours', async () => {
      const { key, token } = await house.addKey(applicationId);
      const foreign = issueSecret(systemRandom, 'gth', 'live').token;
      const result = await scan([
        { token, type: 'key', url: PLACE },
        { token: foreign, type: 'key', url: PLACE },
      ]);
      expect(result).toMatchObject({ ok: true, labels: [{ label: 'true_positive' }, { label: 'false_positive' }] });
      expect(JSON.stringify(result)).not.toContain(token.slice(9, 39));
      expect((await house.stored(key)).revokedAtMs).toBe(NOW_MS);
    });

    it('keeps and mails no place that holds a token', async () => {
      const { token } = await house.addKey(applicationId);
      await scan([{ token, type: 'key', url: `https://example.com/${token}.txt` }]);
      expect((await outbox())[0]?.payload).toContain('"place":"a public place"');
      const entries = await house.test.database.kysely.selectFrom('audit_entry').select('details').execute();
      expect(JSON.stringify(entries)).not.toContain(token);
    });

    it('does nothing for a report that no configured key signed, or that has another shape', async () => {
      const { key, token } = await house.addKey(applicationId);
      expect(await scan([{ token, type: 'key' }], 'k2')).toEqual({ ok: false, reason: 'not_signed' });
      expect(await scan({ token, type: 'key' })).toEqual({ ok: false, reason: 'malformed' });
      expect((await house.stored(key)).revokedAtMs).toBeNull();
    });
  });
});

describe('the form that reports a key', () => {
  const tokens = Array.from({ length: 21 }, () => issueSecret(systemRandom, 'gth', 'live').token);
  const [one = '', two = ''] = tokens;
  const parse = (text: string) => parseReportLeakedKeyForm(formOf({ text }), 'gth');

  it('finds keys in whatever surrounds them, each once', () => {
    expect(parse(`curl -H "Authorization: Bearer ${one}" # and ${two},\n${one}`)).toEqual({
      ok: true,
      value: { tokens: [one, two] },
    });
  });

  it('refuses a text without a key, with too many, or too long, and never repeats what was pasted', () => {
    for (const text of ['', 'hello', one.slice(0, -1), `x${one}`, `${one}x`, tokens.join(' '), ' '.repeat(10_001)]) {
      expect(parse(text), text).toMatchObject({ ok: false, values: {} });
    }
  });
});
