import fc from 'fast-check';

import { suspendDormantKeys } from '../../src/jobs/suspend-dormant-keys.ts';
import { withdrawUnconfirmedKeys } from '../../src/jobs/withdraw-unconfirmed-keys.ts';
import { DAY_MS } from '../../src/keys/api-key.ts';
import { confirmKey } from '../../src/key-reminders/confirm-key.ts';
import { issueKey } from '../../src/keys/issue-key.ts';
import { createKeyConfirmationStore } from '../../src/key-reminders/key-confirmation-store.ts';
import { createKeyDormancyStore } from '../../src/key-reminders/key-dormancy-store.ts';
import { replaceSecret } from '../../src/key-rotation/replace-secret.ts';
import { resumeDormantKey } from '../../src/key-reminders/resume-dormant-key.ts';
import { revokeKey } from '../../src/key-revocation/revoke-key.ts';
import { rotateKey } from '../../src/key-rotation/rotate-key.ts';
import { newId, systemRandom } from '../../src/platform/random.ts';
import { createKeyCallStore } from '../../src/usage/key-call-store.ts';
import { InjectedFault, faultAfter } from './faults.ts';
import { depsOn, keyRequest } from './house.ts';
import { type KeyCommand, type Real, command, expectSame, onKey, outcomeOf, referenceTo } from './key-commands.ts';

/** Stores and the answer whether a key was ever called, as the jobs and the use cases about tokens want them. */
function partsOf({ house, gate }: Real) {
  const calls = createKeyCallStore(gate.usageDatabase);
  return {
    ...house.deps,
    confirmations: createKeyConfirmationStore(house.test.database),
    dormancies: createKeyDormancyStore(house.test.database),
    calls,
    defaultDays: null,
    wasCalled: async ({ id }: { id: string }) => {
      await gate.flush();
      return (await calls.lastCalls([id])).has(id);
    },
  };
}

const confirm = (pick: number) =>
  onKey('confirm', pick, async (key, real, model) => {
    const result = await confirmKey(partsOf(real), real.house.nora, referenceTo(real));
    expectSame('confirm', outcomeOf(result), model.confirm(key));
  });

const replaceToken = (pick: number) =>
  onKey('replace the token', pick, async (key, real, model) => {
    const result = await replaceSecret(partsOf(real), real.house.nora, referenceTo(real));
    const known = real.keys.find(({ keyId }) => keyId === real.keyId);
    if (result.ok && known) known.token = result.token;
    expectSame('replace the token', outcomeOf(result), model.replaceToken(key));
  });

const withdraw = command('withdraw what nobody confirmed', async (model, real) => {
  await withdrawUnconfirmedKeys(partsOf(real));
  model.withdraw();
});

const resumeDormant = (pick: number) =>
  onKey('resume by its team', pick, async (key, real, model) => {
    const result = await resumeDormantKey(partsOf(real), real.house.nora, referenceTo(real));
    expectSame('resume by its team', outcomeOf(result), model.resumeDormant(key));
  });

const lookForDormant = command('look for keys that nobody uses', async (model, real) => {
  await real.gate.flush();
  await suspendDormantKeys(partsOf(real));
  model.lookForDormant();
});

/** Long enough for a key to be told of and suspended: rare in the others, because most keys end meanwhile. */
const twoWeeksOfSilence = command('two weeks of silence', async (model, real) => {
  await real.gate.flush();
  for (const days of [3, 15]) {
    model.nowMs += days * DAY_MS;
    real.house.time.nowMs = model.nowMs;
    await suspendDormantKeys(partsOf(real));
    model.lookForDormant();
  }
});

const kill = command('kill of the verifier', (_, { gate }) => gate.kill());

/** The database fails at some statement of a change: it has happened or it has not. */
const crash = (what: 'issue' | 'rotate' | 'revoke', pick: number, statements: number) =>
  onKey(`crash in ${what} after ${statements}`, pick, async (key, real, model) => {
    const { house, keys } = real;
    const database = { ...house.test.database, kysely: house.test.database.kysely.withPlugin(faultAfter(statements)) };
    const deps = depsOn(database, house.deps.clock);
    const requestId = newId(systemRandom, 'req');
    const { applicationId } = real;
    const change = {
      issue: () => issueKey(deps, house.nora, { ...keyRequest(), applicationId }),
      rotate: () => rotateKey(deps, house.nora, { ...referenceTo(real), overlapMs: DAY_MS, requestId }),
      revoke: () => revokeKey(deps, house.nora, { ...referenceTo(real), reason: '' }),
    }[what];
    const result = await change().catch((error: unknown) => {
      if (error instanceof InjectedFault) return null;
      throw error;
    });
    if (!result) return;
    if (result.ok && 'token' in result) keys.push({ keyId: result.key.id, token: result.token });
    const expected = {
      issue: () => model.issue(null),
      rotate: () => model.rotate(key, DAY_MS),
      revoke: () => model.revoke(key),
    };
    expectSame(what, outcomeOf(result), expected[what]());
  });

const pick = fc.nat({ max: 50 });

/** What happens to tokens and processes. */
export const anyLifeCommand: fc.Arbitrary<KeyCommand>[] = [
  pick.map(confirm),
  pick.map(replaceToken),
  fc.constant(withdraw),
  fc.constant(kill),
  pick.map(resumeDormant),
  fc.constant(lookForDormant),
  fc.constant(twoWeeksOfSilence),
  fc
    .tuple(fc.constantFrom('issue' as const, 'rotate' as const, 'revoke' as const), pick, fc.nat({ max: 20 }))
    .map(([what, key, statements]) => crash(what, key, statements)),
];
