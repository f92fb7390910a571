import type { AuditEntry } from '../../audit/audit-log.ts';

/** One line of a key's history in plain words. */
export function historyText({ action, details }: Pick<AuditEntry, 'action' | 'details'>): string {
  switch (action) {
    case 'key.issued':
      return 'Issued';
    case 'key.renamed':
      return `Renamed to ${textOf(details.name)}`;
    case 'key.restricted':
      return restrictionText(details.allowlist);
    case 'key.revoked':
      return details.reason ? `Revoked: ${textOf(details.reason)}` : 'Revoked';
    default:
      return action;
  }
}

function restrictionText(allowlist: unknown): string {
  if (!Array.isArray(allowlist) || allowlist.length === 0) return 'Opened to every address';
  return `Restricted to ${allowlist.map(textOf).join(', ')}`;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
