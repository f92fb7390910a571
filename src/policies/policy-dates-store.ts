import type { Transaction } from 'kysely';

import { type AuditRecord, appendAudit } from '../audit/audit-log.ts';
import type { Database } from '../database/database.ts';
import { enqueue, enqueueAll } from '../database/outbox.ts';
import type { Random } from '../platform/random.ts';
import type { PortalSchema } from '../database/schema.ts';
import { dateColumns } from './policy-row.ts';
import { memberPortions, noteTold, teamPortions } from './policy-stage-store.ts';
import type { PolicyDates, SecurityPolicy } from './policy.ts';
import type { HitKey } from './simulate-policy.ts';

export interface PolicyReplan {
  /** As it was read: when it was changed since, nothing happens. */
  policy: SecurityPolicy;
  dates: PolicyDates;
  /** Whom it would hit, to tell them; null when there is nothing to tell anybody. */
  hit: readonly HitKey[] | null;
  nowMs: number;
}

export interface PolicyDatesStore {
  /** The dates, the audit entry, and the mails and events of those it hits. False when it was changed since. */
  replan(replan: PolicyReplan, audit: AuditRecord, random: Random): Promise<boolean>;
}

export function createPolicyDatesStore({ kysely }: Database<PortalSchema>): PolicyDatesStore {
  return {
    replan: (replan, audit, random) =>
      kysely.transaction().execute(async (transaction) => {
        const { policy, dates, hit, nowMs } = replan;
        const row = await transaction
          .updateTable('security_policy')
          .set({ ...dateColumns(dates), revision: policy.revision + 1 })
          .$if(hit !== null, (query) => query.set({ replanned_at_ms: nowMs }))
          .where('id', '=', policy.id)
          .where('stage', '=', policy.stage)
          .where('revision', '=', policy.revision)
          .returning('id')
          .executeTakeFirst();
        if (!row) return false;
        await appendAudit(transaction, audit);
        if (hit) await tell(transaction, { policy, dates, hit, nowMs }, random);
        return true;
      }),
  };
}

async function tell(
  transaction: Transaction<PortalSchema>,
  { policy, dates, hit, nowMs }: PolicyReplan & { hit: readonly HitKey[] },
  random: Random,
): Promise<void> {
  await noteTold(transaction, { policy, hit, nowMs });
  const teamIds = [...new Set(hit.map(({ teamId }) => teamId))];
  const shown = ({ warned, enforced }: PolicyDates) => ({ warned, enforced });
  const about = { policyId: policy.id, dates: shown(dates), former: shown(policy.dates) };
  for await (const accountIds of memberPortions(transaction, teamIds)) {
    const payloads = accountIds.map((accountId) => ({ accountId, ...about }));
    await enqueueAll(transaction, { kind: 'mail.policy_dates', payloads, random, nowMs });
  }
  const data = {
    ...{ policyId: policy.id, slug: policy.slug, title: policy.title },
    ...{ warnedAtMs: dates.warned, enforcedAtMs: dates.enforced },
  };
  for (const [index, group] of teamPortions(teamIds).entries()) {
    const whom = { teamId: null, applicationId: null, atMs: nowMs, teamIds: group };
    const onceKey = `policy ${policy.id} ${policy.revision} ${index} dates`;
    const payload = { ...whom, type: 'policy.dates_changed', data, onceKey } as const;
    await enqueue(transaction, { kind: 'event', payload, random, nowMs });
  }
}
