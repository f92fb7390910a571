import type { Database } from '../database/database.ts';
import type { PortalSchema } from '../database/schema.ts';
import type { ActivePolicy } from './policy-book.ts';
import { toPolicy } from './policy-row.ts';

/** What verifiers read of policies. */
export interface ActivePolicyStore {
  /** Those that are observed, warned about or enforced, the oldest first; `fingerprint` changes whenever they do. */
  read(): Promise<{ fingerprint: string; policies: () => readonly ActivePolicy[] }>;
}

export function createActivePolicyStore({ kysely }: Database<PortalSchema>): ActivePolicyStore {
  return {
    async read() {
      const rows = await kysely
        .selectFrom('security_policy')
        .selectAll()
        .where('stage', 'in', ['observed', 'warned', 'enforced'])
        .orderBy('created_at_ms')
        .orderBy('id')
        .execute();
      return { fingerprint: JSON.stringify(rows), policies: () => rows.map(toPolicy) };
    },
  };
}
