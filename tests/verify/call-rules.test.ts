import { describe, expect, test } from 'vitest';

import { readCallLines } from '../../src/verify/call-headers.ts';
import { createCallRulesReader, grantedScopes, refuseCall, refuseReferrer } from '../../src/verify/call-rules.ts';
import { goodFacts } from './facts.ts';

const { target } = goodFacts;
const readRules = createCallRulesReader();
const rulesOf = (lists: Record<string, unknown>) => {
  const rules = readRules(JSON.stringify(lists));
  if (!rules) throw new Error('there are no rules');
  return rules;
};
const listParcels = { api: 'parcels', version: 'v2', operationId: 'listParcels' };

describe('the limits of a key', () => {
  test('are none when nothing is stored, and read once for one text', () => {
    expect(readRules('{}')).toBeNull();
    const stored = '{"methods":["GET"]}';
    expect(readRules(stored)).toBe(readRules(stored));
  });

  test.each([
    ['no JSON', '{"methods":'],
    ['a list', '[]'],
    ['a number', '5'],
    ['nothing', 'null'],
    ['a list that is none', '{"scopes":true}'],
    ['an operation that is none', '{"operations":[null]}'],
    ['a limit that a later version has', '{"methods":["GET"],"hours":["9-17"]}'],
  ])('that cannot be read allow nothing: %s', (_, stored) => {
    const rules = readRules(stored);
    expect(rules && refuseCall(rules, target, 'GET')).not.toBeNull();
  });

  test('a damaged pattern of a site matches nothing', () => {
    const rules = rulesOf({ referrers: ['https://*', 'nonsense'] });
    expect(refuseReferrer(rules, { origin: 'https://a.example' })).toEqual({
      code: 'referrer_not_allowed',
      site: 'https://a.example',
    });
  });

  test.each<[string[], string | null, boolean]>([
    [['GET'], 'GET', true],
    [['GET'], 'HEAD', true],
    [['HEAD'], 'HEAD', true],
    [['HEAD'], 'GET', false],
    [['GET'], 'get', false],
    [['GET'], 'POST', false],
    [['GET', 'POST'], 'POST', true],
    [['GET'], '', false],
    [['GET'], null, false],
  ])('methods %j and a call with %j: %j', (methods, method, allowed) => {
    const refusal = refuseCall(rulesOf({ methods }), target, method);
    expect(refusal).toEqual(allowed ? null : { code: 'method_not_allowed_for_key', method });
  });

  test.each<[string, Partial<typeof listParcels>, boolean]>([
    ['the same operation', {}, true],
    ['another one', { operationId: 'createParcel' }, false],
    ['the same name in another version', { version: 'v3' }, false],
    ['the same name in another API', { api: 'bicycles' }, false],
    ['letters of another case', { operationId: 'listparcels' }, false],
  ])('an operation is allowed by %s alone', (_, changes, allowed) => {
    const refusal = refuseCall(rulesOf({ operations: [{ ...listParcels, ...changes }] }), target, 'GET');
    expect(refusal).toEqual(allowed ? null : { code: 'operation_not_allowed_for_key', operationId: 'listParcels' });
  });

  test('a question that names no operation is refused when operations are limited', () => {
    const unnamed = { ...target, operation: null };
    expect(refuseCall(rulesOf({ operations: [listParcels] }), unnamed, 'GET')).toEqual({
      code: 'operation_not_allowed_for_key',
      operationId: null,
    });
  });

  test('scopes are those that plan and key have both', () => {
    expect(grantedScopes('a b c', null)).toBe('a b c');
    expect(grantedScopes('a b c', rulesOf({ methods: ['GET'] }))).toBe('a b c');
    expect(grantedScopes('a b c', rulesOf({ scopes: ['c', 'a', 'z'] }))).toBe('a c');
    expect(grantedScopes('a', rulesOf({ scopes: ['b'] }))).toBe('');
  });
});

describe('where a call says that it comes from', () => {
  const site = rulesOf({ referrers: ['https://app.example.com'] });
  const refusal = (rawHeaders: string[]) => refuseReferrer(site, readCallLines(rawHeaders));

  test('is read from Origin, else from Referer', () => {
    expect(refusal(['Origin', 'https://app.example.com'])).toBeNull();
    expect(refusal(['REFERER', 'https://app.example.com/x'])).toBeNull();
    expect(refusal(['origin', 'https://app.example.com', 'Origin', 'https://app.example.com'])).toBeNull();
  });

  test('is nowhere when it is said twice, differently, or not at all', () => {
    const nowhere = { code: 'referrer_not_allowed', site: null };
    expect(refusal(['Origin', 'https://evil.test', 'Origin', 'https://app.example.com'])).toEqual(nowhere);
    expect(refusal(['Origin', 'https://app.example.com', 'Origin', 'https://evil.test'])).toEqual(nowhere);
    expect(refusal(['Referer', 'https://app.example.com/', 'Referer', 'https://evil.test/'])).toEqual(nowhere);
    expect(
      refusal([
        'Origin',
        'https://app.example.com',
        'Origin',
        'https://evil.test',
        'Origin',
        'https://app.example.com',
      ]),
    ).toEqual(nowhere);
    expect(refusal([])).toEqual(nowhere);
  });

  test('does not count when the key is not limited to sites', () => {
    expect(refuseReferrer(rulesOf({ methods: ['GET'] }), {})).toBeNull();
  });
});
