import fc from 'fast-check';

import { changeOverlap } from '../../src/key-rotation/change-overlap.ts';
import { issueKey } from '../../src/keys/issue-key.ts';
import type { RestrictionKind } from '../../src/key-restrictions/key-restrictions.ts';
import { reportLeakedKey } from '../../src/leaked-keys/report-leaked-key.ts';
import { restrictKey } from '../../src/key-restrictions/restrict-key.ts';
import { resumeKey } from '../../src/key-revocation/resume-key.ts';
import { revokeApplicationKeys } from '../../src/key-revocation/revoke-application-keys.ts';
import { revokeKey } from '../../src/key-revocation/revoke-key.ts';
import { rotateKey } from '../../src/key-rotation/rotate-key.ts';
import { suspendKey } from '../../src/keys/suspend-key.ts';
import { newId, systemRandom } from '../../src/platform/random.ts';
import type { Gate } from './gate.ts';
import { type House, keyRequest } from './house.ts';
import type { KeyModel, ModelKey } from './key-model.ts';
import { LIMIT_KINDS, type LimitChange, type ModelCall, choicesOf } from '../key-restrictions/restriction-model.ts';
import { changeOf, questionOf } from '../key-restrictions/restriction-words.ts';

const HOUR_MS = 60 * 60 * 1000;

/** The program beside the model: one application, with the keys in the order in which the model has them. */
export interface Real {
  house: House;
  gate: Gate;
  applicationId: string;
  keys: { keyId: string; token: string }[];
}

/** Does the same to both; throws when they disagree. */
type Step = (model: KeyModel, real: Real) => Promise<void>;
export type KeyCommand = fc.AsyncCommand<KeyModel, Real>;

export function expectSame(what: string, actual: unknown, expected: unknown): void {
  if (actual !== expected)
    throw new Error(`${what}: the program says ${String(actual)}, the model ${String(expected)}`);
}

/** Every key is stored as the model has it, after each step. */
async function expectSameKeys(model: KeyModel, { house, applicationId, keys }: Real): Promise<void> {
  const stored = new Map((await house.deps.keys.list(house.nora.teamIds, applicationId)).map((key) => [key.id, key]));
  expectSame('number of keys', stored.size, model.keys.length);
  for (const [index, expected] of model.keys.entries()) {
    const key = stored.get(keys[index]?.keyId ?? '');
    expectSame('expiry', key?.expiresAtMs, expected.expiresAtMs);
    expectSame('expiry before the rotation', key?.replaced?.formerExpiresAtMs, expected.formerExpiresAtMs);
    expectSame('revoked', key?.revokedAtMs !== null, expected.revoked);
    expectSame('suspended', key?.suspendedAtMs !== null, expected.suspended !== false);
    expectSame('why', key?.suspendCause ?? 'owner', expected.suspended || 'owner');
    expectSame('unconfirmed since', key?.unconfirmedSinceMs, expected.unconfirmedSinceMs);
    for (const [kind, list] of Object.entries(changeOf(expected.limits)))
      expectSame(kind, JSON.stringify(key?.[kind as RestrictionKind]), JSON.stringify(list));
  }
}

export function outcomeOf(result: { ok: true } | { ok: false; reason: string }): string {
  return result.ok ? 'ok' : result.reason;
}

export function command(name: string, step: Step): KeyCommand {
  return {
    check: () => true,
    toString: () => name,
    run: async (model, real) => {
      real.house.time.nowMs = model.nowMs;
      await step(model, real);
      await expectSameKeys(model, real);
    },
  };
}

/** A step on one of the keys there are; the number picks it. */
export function onKey(
  name: string,
  pick: number,
  step: (key: ModelKey, real: Real & { keyId: string; token: string }, model: KeyModel) => Promise<void>,
): KeyCommand {
  const act = command(`${name} of ${pick}`, (model, real) => {
    // The newest few: what is old has mostly ended.
    const index = model.keys.length - 1 - (pick % Math.min(model.keys.length, 6));
    const [key, known] = [model.keys[index], real.keys[index]];
    if (!key || !known) throw new Error('the model has a key that the program lacks');
    return step(key, { ...real, ...known }, model);
  });
  return { ...act, check: (model) => model.keys.length > 0 };
}

export const referenceTo = ({ applicationId, keyId }: Real & { keyId: string }) => ({ applicationId, keyId });
const ownerOf = ({ house }: Real) => ({ ...house.mallory, role: 'owner' as const });

const issue = (lifeMs: number | null) =>
  command(`issue for ${lifeMs ?? 'ever'}`, async (model, real) => {
    const { house, applicationId } = real;
    const expiresAtMs = lifeMs === null ? null : model.nowMs + lifeMs;
    const result = await issueKey(house.deps, house.nora, { ...keyRequest(), expiresAtMs, applicationId });
    if (result.ok) real.keys.push({ keyId: result.key.id, token: result.token });
    expectSame('issue', outcomeOf(result), model.issue(lifeMs));
  });

const rotate = (pick: number, overlapMs: number) =>
  onKey(`rotate with ${overlapMs}`, pick, async (key, real, model) => {
    const { house, keys } = real;
    const requestId = newId(systemRandom, 'req');
    const result = await rotateKey(house.deps, house.nora, { ...referenceTo(real), overlapMs, requestId });
    if (result.ok) keys.push({ keyId: result.key.id, token: result.token });
    expectSame('rotate', outcomeOf(result), model.rotate(key, overlapMs));
  });

const moveOverlap = (pick: number, overlapMs: number) =>
  onKey(`overlap ${overlapMs}`, pick, async (key, real, model) => {
    const { deps, nora } = real.house;
    const result = await changeOverlap(deps, nora, { ...referenceTo(real), overlapMs });
    expectSame('overlap', outcomeOf(result), model.changeOverlap(key, overlapMs));
  });

const revoke = (pick: number) =>
  onKey('revoke', pick, async (key, real, model) => {
    const { deps, nora } = real.house;
    const result = await revokeKey(deps, nora, { ...referenceTo(real), reason: '' });
    expectSame('revoke', outcomeOf(result), model.revoke(key));
  });

const revokeAll = command('revoke all', async (model, { house, applicationId }) => {
  const result = await revokeApplicationKeys(house.deps, house.nora, { applicationId, reason: 'all' });
  expectSame('revoke all', result.ok && result.keys.length, model.revokeAll());
});

/** Asked for by somebody who signed in just now, or long ago. */
const restrict = (pick: number, change: LimitChange, isRecent: boolean) =>
  onKey(
    `restrict to ${JSON.stringify(change)} ${isRecent ? 'after signing in' : ''}`,
    pick,
    async (key, real, model) => {
      const { deps, nora } = real.house;
      const actor = { ...nora, signedInAtMs: isRecent ? model.nowMs : 0 };
      const result = await restrictKey(deps, actor, { ...referenceTo(real), change: changeOf(change) });
      expectSame('restrict', outcomeOf(result), model.restrict(key, change, isRecent));
    },
  );

const suspend = (pick: number, suspended: boolean) =>
  onKey(suspended ? 'suspend' : 'resume', pick, async (key, real, model) => {
    const change = suspended ? suspendKey : resumeKey;
    const result = await change(real.house.deps, ownerOf(real), { keyId: real.keyId, message: 'x' });
    expectSame('suspend', outcomeOf(result), model.suspend(key, suspended));
  });

const leak = (pick: number) =>
  onKey('leak', pick, async (key, { house, token }, model) => {
    expectSame('leak', await reportLeakedKey(house.deps, { token, place: '' }), true);
    model.leak(key);
  });

const call = (pick: number, asked: ModelCall) =>
  onKey(`call ${JSON.stringify(asked)}`, pick, async (key, { gate, token }, model) => {
    const expected = model.call(key, asked);
    const verdict = await gate.ask(token, questionOf(asked));
    // The verifier may tell a replaced key from one that merely expired.
    const same = expected === 'key_replaced' && verdict === 'key_expired' ? verdict : expected;
    expectSame('call', verdict, same);
  });

const moveClock = (byMs: number) =>
  command(`clock ${byMs}`, async (model, { gate }) => {
    await gate.flush();
    model.nowMs += byMs;
  });

const restart = command('restart of the verifier', (_, { gate }) => gate.restart());

const pick = fc.nat({ max: 50 });
const duration = fc.constantFrom(0, 1, HOUR_MS, 24 * HOUR_MS, 48 * HOUR_MS, 49 * HOUR_MS);
const life = fc.constantFrom(null, null, HOUR_MS, 30 * HOUR_MS, 90 * HOUR_MS);
const limitChange: fc.Arbitrary<LimitChange> = fc
  .record({
    addresses: fc.constantFrom(...choicesOf('addresses')),
    methods: fc.constantFrom(...choicesOf('methods')),
    operations: fc.constantFrom(...choicesOf('operations')),
    scopes: fc.constantFrom(...choicesOf('scopes')),
    sites: fc.constantFrom(...choicesOf('sites')),
  })
  .chain((limits) =>
    fc
      .subarray(LIMIT_KINDS, { minLength: 1, maxLength: 2 })
      .map((kinds) => Object.fromEntries(kinds.map((kind) => [kind, limits[kind]]))),
  );
const anyCall: fc.Arbitrary<ModelCall> = fc.record({
  from: fc.constantFrom('desk', 'desk', 'office', 'branch', 'elsewhere'),
  site: fc.constantFrom('app', 'app', 'shop', 'foreign', 'none'),
  what: fc.constantFrom('list', 'list', 'look', 'create'),
});
const move = fc.constantFrom(
  1,
  HOUR_MS / 4,
  HOUR_MS - 1,
  HOUR_MS,
  12 * HOUR_MS,
  48 * HOUR_MS,
  15 * 24 * HOUR_MS,
  -1,
  -HOUR_MS,
  -24 * HOUR_MS,
);

export const anyKeyCommand: fc.Arbitrary<KeyCommand>[] = [
  life.map(issue),
  fc.tuple(pick, duration).map(([key, overlapMs]) => rotate(key, overlapMs)),
  fc.tuple(pick, duration).map(([key, overlapMs]) => rotate(key, overlapMs)),
  fc.tuple(pick, duration).map(([key, overlapMs]) => moveOverlap(key, overlapMs)),
  pick.map(revoke),
  fc.nat({ max: 4 }).map((rarely) => (rarely === 0 ? revokeAll : issue(null))),
  fc.tuple(pick, limitChange, fc.boolean()).map(([key, change, isRecent]) => restrict(key, change, isRecent)),
  fc.tuple(pick, limitChange, fc.boolean()).map(([key, change, isRecent]) => restrict(key, change, isRecent)),
  fc.tuple(pick, fc.boolean()).map(([key, suspended]) => suspend(key, suspended)),
  pick.map(leak),
  ...Array.from({ length: 8 }, () => fc.tuple(pick, anyCall).map(([key, asked]) => call(key, asked))),
  move.map(moveClock),
  fc.constant(restart),
];
