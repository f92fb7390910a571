import type { AuditEntry } from '../../audit/audit-log.ts';
import {
  type KeyOperation,
  RESTRICTION_KINDS,
  type RestrictionKind,
  operationName,
} from '../../key-restrictions/key-restrictions.ts';

const NAMES: Record<RestrictionKind, string> = {
  allowlist: 'addresses',
  scopes: 'scopes',
  methods: 'methods',
  operations: 'operations',
  referrers: 'sites',
};

/** What a change of restrictions did, from its audit entry, in plain words. */
export function restrictionText({ before, after, allowlist }: AuditEntry['details']): string {
  // Entries from before there was anything but addresses.
  if (allowlist !== undefined) return changeText('allowlist', undefined, allowlist);
  const changes = RESTRICTION_KINDS.filter((kind) => kind in recordOf(after)).map((kind) =>
    changeText(kind, recordOf(before)[kind], recordOf(after)[kind]),
  );
  return changes.length > 0 ? changes.join('; ') : 'Restrictions changed';
}

function changeText(kind: RestrictionKind, before: unknown, after: unknown): string {
  const [former, present] = [namesOf(before), namesOf(after)];
  if (present.length === 0) return kind === 'allowlist' ? 'Opened to every address' : `All ${NAMES[kind]} allowed`;
  const what = kind === 'allowlist' ? 'Restricted to' : `Restricted to the ${NAMES[kind]}`;
  if (former.length === 0) return `${what} ${present.join(', ')}`;
  const added = present.filter((name) => !former.includes(name));
  const removed = former.filter((name) => !present.includes(name));
  if (added.length + removed.length === 0) return kind === 'allowlist' ? 'Notes of addresses changed' : 'Order changed';
  const parts = [
    added.length > 0 ? `added ${added.join(', ')}` : '',
    removed.length > 0 ? `removed ${removed.join(', ')}` : '',
  ];
  const changes = parts.filter((part) => part !== '').join(' and ');
  return `${NAMES[kind].charAt(0).toUpperCase()}${NAMES[kind].slice(1)}: ${changes}`;
}

function namesOf(list: unknown): string[] {
  return Array.isArray(list) ? list.map(nameOf) : [];
}

function nameOf(item: unknown): string {
  if (typeof item === 'string') return item;
  const record = recordOf(item);
  return typeof record.cidr === 'string' ? record.cidr : operationName(record as unknown as KeyOperation);
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
