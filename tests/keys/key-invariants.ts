import { sql } from 'kysely';

import { createAuditStore } from '../../src/audit/audit-store.ts';
import type { Database } from '../../src/database/database.ts';
import type { PortalSchema } from '../../src/database/schema.ts';

interface Told {
  type: string;
  data: { keyId: string; successorKeyId?: string };
}

/**
 * What must hold in a database whatever happened to the processes that used it: nothing half. One line for each breach.
 * A key, its audit entry and its event are there together or not at all; so are both keys of a rotation.
 */
export async function findHalfChanges(database: Database<PortalSchema>): Promise<string[]> {
  const { kysely } = database;
  const keys = await kysely.selectFrom('api_key').selectAll().execute();
  const entries = await kysely.selectFrom('audit_entry').selectAll().orderBy('sequence').execute();
  const items = await kysely.selectFrom('outbox').select('payload').where('kind', '=', 'event').execute();
  const events = items.map(({ payload }) => JSON.parse(payload) as Told);
  const breaches: string[] = [];
  const compare = (what: string, expected: readonly string[], actual: readonly string[]): void => {
    const [wanted, found] = [expected.toSorted().join(' '), actual.toSorted().join(' ')];
    if (wanted !== found) breaches.push(`${what}: [${wanted}] but [${found}]`);
  };
  const audited = (action: string) => entries.filter((entry) => entry.action === action).map(({ subject }) => subject);
  const told = (type: string) => events.filter((event) => event.type === type).map(({ data }) => data.keyId);
  const ids = keys.map(({ id }) => id);
  const revoked = keys.filter((key) => key.revoked_at_ms !== null).map(({ id }) => id);
  compare('issued and audited', ids, audited('key.issued'));
  compare('issued and told', ids, told('key.issued'));
  compare('revoked and audited', revoked, audited('key.revoked'));
  compare('revoked and told', revoked, told('key.revoked'));
  const undone = new Set(audited('key.rotation_undone'));
  const rotated = keys.filter((key) => key.replaced_by_key_id !== null).map(({ id }) => id);
  compare(
    'rotated and audited',
    rotated,
    audited('key.rotated').filter((id) => !undone.has(id)),
  );
  compare(
    'rotated and told',
    rotated,
    told('key.rotated').filter((id) => !undone.has(id)),
  );
  for (const key of keys) {
    if (key.replaced_by_key_id === null) continue;
    if (!ids.includes(key.replaced_by_key_id)) breaches.push(`${key.id} was replaced by a key that is not there`);
    if (key.expires_at_ms === null) breaches.push(`${key.id} was replaced and never ends`);
  }
  const chain = await createAuditStore(database).verifyChain();
  if (!chain.ok) breaches.push(`the audit log is broken at ${chain.brokenAt}`);
  return [...breaches, ...(database.dialect === 'sqlite' ? await fileFaults(database) : [])];
}

async function fileFaults({ kysely }: Database<PortalSchema>): Promise<string[]> {
  const integrity = await sql<{ integrity_check: string }>`pragma integrity_check`.execute(kysely);
  const foreign = await sql<object>`pragma foreign_key_check`.execute(kysely);
  return [
    ...integrity.rows.map((row) => row.integrity_check).filter((text) => text !== 'ok'),
    ...foreign.rows.map((row) => `a reference leads nowhere: ${JSON.stringify(row)}`),
  ];
}
