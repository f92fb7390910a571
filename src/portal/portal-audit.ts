import type { Actor } from '../accounts/account.ts';
import type { ChainResult } from '../audit/audit-log.ts';
import type { AuditFilter, AuditQuery } from '../audit/audit-query.ts';
import type { AuditFormat } from '../audit/export-audit.ts';
import type { AuditPage } from '../audit/read-audit.ts';

/** Who did what. Methods of everybody show what belongs to their teams, and what their account did to itself. */
export interface PortalAudit {
  /** Newest first. */
  read(actor: Actor, query: AuditQuery): Promise<AuditPage>;
  /** The whole list as text, in pieces. */
  export(actor: Actor, request: AuditExport): Promise<AsyncIterable<string>>;
  /** Whose entries there can be. */
  members(actor: Actor): Promise<readonly { accountId: string; email: string }[]>;
  /** Owners only, as the following: everybody's entries; null for everybody else. */
  readAll(actor: Actor, query: AuditQuery): Promise<AuditPage | null>;
  exportAll(actor: Actor, request: AuditExport): Promise<AsyncIterable<string> | null>;
  /** Where the chain ends, unchecked. */
  head(actor: Actor): Promise<{ sequence: number; hash: string } | null>;
  /** Computes the whole chain anew. */
  checkChain(actor: Actor): Promise<ChainResult | null>;
}

export interface AuditExport {
  format: AuditFormat;
  filter: AuditFilter;
}
