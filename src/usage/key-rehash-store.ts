import type { Database } from '../database/database.ts';
import type { UsageSchema } from '../database/schema.ts';

/** What the verifier has learnt about keys under the previous pepper; read by the portal, which may change them. */
export interface KeyRehashStore {
  /** Oldest first. */
  since(atMs: number): Promise<readonly UsageSchema['key_rehash'][]>;
}

export function createKeyRehashStore({ kysely }: Database<UsageSchema>): KeyRehashStore {
  return {
    since: (atMs) => kysely.selectFrom('key_rehash').selectAll().where('at_ms', '>=', atMs).orderBy('at_ms').execute(),
  };
}
