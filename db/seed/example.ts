import type { Insertable, Transaction } from 'kysely';

import { appendAudit } from '../../src/audit/audit-log.ts';
import { issueSecret } from '../../src/keys/key-secret.ts';
import { hashToken, toPepper } from '../../src/keys/pepper.ts';
import type { Database } from '../../src/database/database.ts';
import { type Random, newId } from '../../src/platform/random.ts';
import type { PortalSchema } from '../../src/database/schema.ts';
import { addParcelsApi, partnerPlan } from './example-api.ts';

const KEYS_PER_EXAMPLE_APPLICATION = 20;
const TOKENS_RETURNED = 1000;
/** 500 rows of 16 columns stay below SQLite's 32,766 and PostgreSQL's 65,535 parameters. */
const ROWS_PER_INSERT = 500;
/** No password has this hash: nobody can sign in as one of the cast. */
const UNUSABLE_PASSWORD_HASH = '!';
export interface SeedExampleOptions {
  keys: number;
  pepper: Uint8Array;
  prefix: string;
  nowMs: number;
  random: Random;
  /** So many tokens are returned, of keys that lie evenly among all; without it those of the first 1,000. */
  callers?: number;
}

export interface ExampleSeed {
  /** Of the first 1,000 keys, or of as many as were asked for. */
  tokens: readonly string[];
  /** The keys stand in this order: application 0 has keys 0 to 19, and so on. */
  applicationIds: readonly string[];
  /** One for each application, in the same order. */
  subscriptionIds: readonly string[];
}

/**
 * Fills a database for tests and benchmarks: the team Northwind Logistics, whose applications use the plan `partner`
 * of the API `parcels` with any number of live keys. What the catalog has written already stays as it is.
 */
export async function seedExample(database: Database<PortalSchema>, options: SeedExampleOptions): Promise<ExampleSeed> {
  return database.kysely.transaction().execute(async (transaction) => {
    await addParcelsApi(transaction);
    const { teamId, accountId } = await addNorthwind(transaction, options);
    const owners = await addApplications(transaction, teamId, options);
    const tokens = await addKeys(transaction, owners.applicationIds, accountId, options);
    await appendAudit(transaction, {
      atMs: options.nowMs,
      actor: 'system',
      action: 'example.seeded',
      subject: teamId,
      teamId,
      details: { keys: options.keys },
    });
    return { tokens, ...owners };
  });
}

async function addNorthwind(
  transaction: Transaction<PortalSchema>,
  { random, nowMs }: SeedExampleOptions,
): Promise<{ teamId: string; accountId: string }> {
  const teamId = newId(random, 'team');
  const team = { id: teamId, name: 'Northwind Logistics', created_at_ms: nowMs };
  const nora = accountRow('nora.lindqvist', newId(random, 'acc'), nowMs);
  const ivan = accountRow('ivan.petrov', newId(random, 'acc'), nowMs);
  await transaction.insertInto('team').values(team).execute();
  await transaction.insertInto('account').values([nora, ivan]).execute();
  await transaction
    .insertInto('team_member')
    .values([
      { team_id: teamId, account_id: nora.id, role: 'admin', joined_at_ms: nowMs },
      { team_id: teamId, account_id: ivan.id, role: 'viewer', joined_at_ms: nowMs },
    ])
    .execute();
  return { teamId, accountId: nora.id };
}

function accountRow(name: string, id: string, nowMs: number): Insertable<PortalSchema['account']> {
  // The id makes the address unique, so that a database can be seeded more than once.
  const email = `${name}+${id}@northwind.example`.toLowerCase();
  return {
    id,
    email,
    email_normalized: email,
    password_hash: UNUSABLE_PASSWORD_HASH,
    role: 'developer',
    email_verified_at_ms: nowMs,
    suspended_at_ms: null,
    created_at_ms: nowMs,
  };
}

async function addApplications(
  transaction: Transaction<PortalSchema>,
  teamId: string,
  { keys, random, nowMs }: SeedExampleOptions,
): Promise<Pick<ExampleSeed, 'applicationIds' | 'subscriptionIds'>> {
  const count = Math.max(1, Math.ceil(keys / KEYS_PER_EXAMPLE_APPLICATION));
  const applications = Array.from({ length: count }, (_, index) => ({
    id: newId(random, 'app'),
    team_id: teamId,
    name: `Depot ${index + 1}`,
    description: 'Follows the parcels of one depot.',
    created_at_ms: nowMs,
    deleted_at_ms: null,
  }));
  const subscriptions = applications.map((application) => ({
    id: newId(random, 'sub'),
    application_id: application.id,
    api_slug: partnerPlan.api_slug,
    plan_slug: partnerPlan.slug,
    created_at_ms: nowMs,
    ended_at_ms: null,
  }));
  for (const rows of chunks(applications)) await transaction.insertInto('application').values(rows).execute();
  for (const rows of chunks(subscriptions)) await transaction.insertInto('subscription').values(rows).execute();
  return { applicationIds: applications.map(({ id }) => id), subscriptionIds: subscriptions.map(({ id }) => id) };
}

async function addKeys(
  transaction: Transaction<PortalSchema>,
  applicationIds: readonly string[],
  accountId: string,
  options: SeedExampleOptions,
): Promise<readonly string[]> {
  const tokens: string[] = [];
  const { callers } = options;
  const every = callers === undefined ? 1 : Math.max(1, Math.floor(options.keys / callers));
  for (let start = 0; start < options.keys; start += ROWS_PER_INSERT) {
    const length = Math.min(ROWS_PER_INSERT, options.keys - start);
    const issued = Array.from({ length }, (_, index) => {
      const applicationId = applicationIds[Math.floor((start + index) / KEYS_PER_EXAMPLE_APPLICATION)] ?? '';
      return issueExampleKey(applicationId, accountId, start + index, options);
    });
    const called = issued.filter((_, index) => (start + index) % every === 0);
    tokens.push(...called.slice(0, (callers ?? TOKENS_RETURNED) - tokens.length).map(({ token }) => token));
    await transaction
      .insertInto('api_key')
      .values(issued.map(({ row }) => row))
      .execute();
  }
  return tokens;
}

function issueExampleKey(
  applicationId: string,
  accountId: string,
  index: number,
  { pepper, prefix, nowMs, random }: SeedExampleOptions,
): { token: string; row: Insertable<PortalSchema['api_key']> } {
  const { token, environment, firstFour, lastFour } = issueSecret(random, prefix, 'live');
  const id = newId(random, 'key');
  const row = {
    id,
    application_id: applicationId,
    name: `Scanner ${index + 1}`,
    environment,
    token_hash: hashToken(toPepper(pepper), token),
    pepper_id: toPepper(pepper).id,
    first_four: firstFour,
    last_four: lastFour,
    allowlist: '[]',
    request_id: `example-${id}`,
    created_by_account_id: accountId,
    created_at_ms: nowMs,
    expires_at_ms: null,
    suspended_at_ms: null,
    revoked_at_ms: null,
    revoke_reason: null,
  };
  return { token, row };
}

function chunks<Row>(rows: readonly Row[]): Row[][] {
  const count = Math.ceil(rows.length / ROWS_PER_INSERT);
  return Array.from({ length: count }, (_, index) =>
    rows.slice(index * ROWS_PER_INSERT, (index + 1) * ROWS_PER_INSERT),
  );
}
