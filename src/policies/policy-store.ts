import { type AuditRecord, appendAudit } from '../audit/audit-log.ts';
import type { Database } from '../database/database.ts';
import type { PortalSchema } from '../database/schema.ts';
import { type SecurityPolicy, STAGES } from './policy.ts';
import { toPolicy, toPolicyRow } from './policy-row.ts';

/** Policies as owners write them; what moves them on is in `policy-stage-store.ts`. */
export interface PolicyStore {
  /** The newest first. */
  list(): Promise<readonly SecurityPolicy[]>;
  find(policyId: string): Promise<SecurityPolicy | null>;
  findBySlug(slug: string): Promise<SecurityPolicy | null>;
  /** Those whose next date has come by `nowMs`, as far as the database can tell. */
  listDatedBefore(nowMs: number): Promise<readonly SecurityPolicy[]>;
  /** False when its slug is taken. */
  add(policy: SecurityPolicy, audit: AuditRecord): Promise<boolean>;
  /** Replaces all but the stage; false when it was changed since it was read. */
  change(policy: SecurityPolicy, audit: AuditRecord): Promise<boolean>;
}

export function createPolicyStore({ kysely }: Database<PortalSchema>): PolicyStore {
  const policies = kysely.selectFrom('security_policy').selectAll();
  return {
    async list() {
      const rows = await policies.orderBy('created_at_ms', 'desc').orderBy('id').execute();
      return rows.map(toPolicy);
    },
    async find(policyId) {
      const row = await policies.where('id', '=', policyId).executeTakeFirst();
      return row ? toPolicy(row) : null;
    },
    async findBySlug(slug) {
      const row = await policies.where('slug', '=', slug).executeTakeFirst();
      return row ? toPolicy(row) : null;
    },
    async listDatedBefore(nowMs) {
      const rows = await policies
        .where('stage', 'in', STAGES.slice(0, -1))
        .where((row) =>
          row.or([
            row('announced_at_ms', '<=', nowMs),
            row('observed_at_ms', '<=', nowMs),
            row('warned_at_ms', '<=', nowMs),
            row('enforced_at_ms', '<=', nowMs),
          ]),
        )
        .orderBy('id')
        .execute();
      return rows.map(toPolicy);
    },
    add: (policy, audit) =>
      kysely.transaction().execute(async (transaction) => {
        const row = await transaction
          .insertInto('security_policy')
          .values(toPolicyRow(policy))
          .onConflict((conflict) => conflict.column('slug').doNothing())
          .returning('id')
          .executeTakeFirst();
        if (row) await appendAudit(transaction, audit);
        return row !== undefined;
      }),
    change: (policy, audit) =>
      kysely.transaction().execute(async (transaction) => {
        const { id, slug, stage, revision, created_at_ms, ...columns } = toPolicyRow(policy);
        const row = await transaction
          .updateTable('security_policy')
          .set({ ...columns, revision: revision + 1 })
          .where('id', '=', id)
          .where('slug', '=', slug)
          .where('created_at_ms', '=', created_at_ms)
          .where('stage', '=', stage)
          .where('revision', '=', revision)
          .returning('id')
          .executeTakeFirst();
        if (row) await appendAudit(transaction, audit);
        return row !== undefined;
      }),
  };
}
