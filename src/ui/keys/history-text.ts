import type { AuditEntry } from '../../audit/audit-log.ts';
import { countText, exactTime } from '../wording.ts';
import { restrictionText } from './restriction-text.ts';

/** One line of a key's history in plain words. */
export function historyText({ action, details }: Pick<AuditEntry, 'action' | 'details'>): string {
  switch (action) {
    case 'key.issued':
      return details.replacesKeyId ? 'Issued by a rotation' : 'Issued';
    case 'key.renamed':
      return `Renamed to ${textOf(details.name)}`;
    case 'key.restricted':
      return restrictionText(details);
    case 'key.rotated':
      return `Rotated; ends ${timeText(details.endsAtMs)}`;
    case 'key.confirmed':
      return details.by === 'call' ? 'Confirmed by its first call' : 'Confirmed: the token was stored';
    case 'key.secret_replaced':
      return `Lost token replaced: ${textOf(details.now)}`;
    case 'key.rotation_undone':
      return 'Rotation undone: the new key was never confirmed';
    case 'key.exposed':
      return 'Seen in the URL of a call';
    case 'key.overlap_changed':
      return `End moved to ${timeText(details.endsAtMs)}`;
    case 'key.scheduled':
      return scheduleText(details.rotationIntervalDays);
    case 'key.suspended':
      return `Suspended: ${textOf(details.message) || textOf(details.reason)}`;
    case 'key.resumed':
      return `Resumed: ${textOf(details.message)}`;
    case 'key.revoked':
      return details.reason ? `Revoked: ${textOf(details.reason)}` : 'Revoked';
    default:
      return action;
  }
}

function scheduleText(days: unknown): string {
  return typeof days === 'number' ? `To be rotated every ${countText(days, 'day')}` : 'Own schedule ended';
}

function timeText(atMs: unknown): string {
  return typeof atMs === 'number' ? exactTime(atMs) : '';
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
