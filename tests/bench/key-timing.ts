import { issueSecret, parseToken } from '../../src/keys/key-secret.ts';
import { hashToken, toPepper } from '../../src/keys/pepper.ts';
import { SECRET_LENGTH, checksumOf } from '../../src/settings/checked-secret.ts';
import type { Database } from '../../src/database/database.ts';
import { randomBase62, systemRandom } from '../../src/platform/random.ts';
import type { PortalSchema } from '../../src/database/schema.ts';
import { createVerificationStore } from '../../src/verify/verification-store.ts';
import { type Comparison, compareTimes } from './compare-times.ts';
import { underOnePepper } from '../verify/token-hashes.ts';

const PREFIX = 'gth';
const START = `${PREFIX}_test_`;
const KEYS = 5000;

/** How much of the secret of a real key a guess has, each compared with a guess that has nothing of it. */
const guesses = {
  'first four of a key': 4,
  'half of a key': SECRET_LENGTH / 2,
  'all but two of a key': SECRET_LENGTH - 2,
};

/**
 * Whether time tells how much of a key is right (yardstick A24): tokens of the right shape and checksum, looked up as the
 * verifier does it. What has another shape or checksum is answered earlier: that is public.
 */
export async function compareKeys(
  database: Database<PortalSchema>,
  samples: number,
): Promise<Record<string, Comparison>> {
  const pepper = systemRandom.bytes(32);
  const tokens = await insertKeys(database, pepper);
  const store = createVerificationStore(database, underOnePepper(pepper));
  const results: Record<string, Comparison> = {};
  for (const [name, right] of Object.entries(guesses)) {
    let turn = 0;
    const prepare = (isFirst: boolean): string => {
      const token = tokens[(turn += 1) % tokens.length] ?? '';
      const known = isFirst ? token.slice(START.length, START.length + right) : '';
      const secret = known + randomBase62(systemRandom, SECRET_LENGTH - known.length);
      return START + secret + checksumOf(secret);
    };
    results[name] = await compareTimes(samples, prepare, (token) => {
      if (!parseToken(PREFIX, token)) throw new Error('the guess has not the shape of a token');
      return store.findKey(token, 'parcels');
    });
  }
  return results;
}

async function insertKeys({ kysely }: Database<PortalSchema>, pepper: Uint8Array): Promise<string[]> {
  const { id: accountId } = await kysely.selectFrom('account').select('id').executeTakeFirstOrThrow();
  const { id: teamId } = await kysely.selectFrom('team').select('id').executeTakeFirstOrThrow();
  const application = { id: 'app_timing', team_id: teamId, name: 'Timing', description: '', created_at_ms: 0 };
  await kysely.insertInto('application').values(application).execute();
  const tokens = Array.from({ length: KEYS }, () => issueSecret(systemRandom, PREFIX, 'test').token);
  for (const [index, token] of tokens.entries()) {
    const shown = { first_four: token.slice(START.length, START.length + 4), last_four: token.slice(-4) };
    const row = { id: `key_${index}`, application_id: 'app_timing', name: 'Timing', environment: 'test' as const };
    const stored = {
      token_hash: hashToken(toPepper(pepper), token),
      pepper_id: 1,
      allowlist: '[]',
      request_id: `request-${index}`,
    };
    const made = { created_by_account_id: accountId, created_at_ms: 0 };
    await kysely
      .insertInto('api_key')
      .values({ ...row, ...shown, ...stored, ...made })
      .execute();
  }
  return tokens;
}
