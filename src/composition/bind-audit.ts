import type { Actor } from '../accounts/account.ts';
import { createAuditReadingStore } from '../audit/audit-reading-store.ts';
import type { ChainResult } from '../audit/audit-log.ts';
import type { AuditStore } from '../audit/audit-store.ts';
import { exportAudit } from '../audit/export-audit.ts';
import { auditReader, readAudit } from '../audit/read-audit.ts';
import type { Foundation } from './foundation.ts';
import type { PortalAudit } from '../portal/portal-audit.ts';

/** The audit log: a team sees its own part, owners all of it. */
export function bindAudit({ databases: { portal } }: Foundation, audit: AuditStore): PortalAudit {
  const store = createAuditReadingStore(portal);
  const ownScope = ({ teamIds, accountId }: Actor) => ({ teamIds, accountId });
  // One at a time, however many ask: it reads the whole log.
  let checking: Promise<ChainResult> | null = null;
  const checkChain = (): Promise<ChainResult> =>
    (checking ??= audit.verifyChain().finally(() => {
      checking = null;
    }));
  return {
    read: async (actor, query) => readAudit(store, await auditReader(store, ownScope(actor)), query),
    export: async (actor, request) => exportAudit(store, await auditReader(store, ownScope(actor)), request),
    members: (actor) => store.members(actor.teamIds),
    async readAll(actor, query) {
      if (actor.role !== 'owner') return null;
      return readAudit(store, await auditReader(store, 'everything'), query);
    },
    async exportAll(actor, request) {
      if (actor.role !== 'owner') return null;
      return exportAudit(store, await auditReader(store, 'everything'), request);
    },
    head: async (actor) => (actor.role === 'owner' ? store.head() : null),
    checkChain: async (actor) => (actor.role === 'owner' ? checkChain() : null),
  };
}
