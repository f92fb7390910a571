import type { AuditArea } from '../../audit/audit-query.ts';
import type { AuditEntry } from '../../audit/audit-log.ts';
import { historyText } from '../keys/history-text.ts';
import { countText, exactTime } from '../wording.ts';

/** What the first words of actions are called in a list to choose from. */
export const areaNames: Record<AuditArea, string> = {
  key: 'API keys',
  application: 'Applications',
  account: 'Accounts and sign-in',
  access_token: 'Access tokens',
  webhook: 'Webhooks',
  notice: 'Notices',
  policy: 'Policies',
  team: 'Teams',
  owner: 'Owners',
  catalog: 'APIs and their files',
  document: 'API documents',
  calendar_feed: 'Calendars',
  feedback: 'Feedback',
  security_report: 'Reports of weaknesses',
};

/** `account.signed_in`: "Account signed in"; for keys the words of their history. */
export function actionText(entry: Pick<AuditEntry, 'action' | 'details'>): string {
  const known = entry.action.startsWith('key.') ? historyText(entry) : entry.action;
  if (known !== entry.action) return known;
  const words = entry.action.replaceAll(/[._]/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** One fact of an entry; `before` is null when the entry does not tell it. */
export interface AuditFact {
  name: string;
  before: string | null;
  after: string;
}

/** What an entry says beside who and what, readable: each field with what it was before, if the entry has that. */
export function factsOf(details: AuditEntry['details']): readonly AuditFact[] {
  const before = recordOf(details.before);
  const after = recordOf(details.after);
  const rest = Object.entries(details).filter(([name]) => !['before', 'after', 'address'].includes(name));
  return [...rest, ...Object.entries(after ?? {})].map(([name, value]) => ({
    name: fieldName(name),
    before: before && name in before ? valueText(name, before[name]) : null,
    after: valueText(name, value),
  }));
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : null;
}

/** `expiresAtMs`: "expires at"; `successorKeyId`: "successor key". */
function fieldName(name: string): string {
  const words = name
    .replace(/(AtMs|Ms)$/, (end) => (end === 'AtMs' ? 'At' : ''))
    .replace(/Id$/, '')
    .replaceAll(/([A-Z])/g, ' $1');
  return words.toLowerCase();
}

function valueText(name: string, value: unknown): string {
  if (value === null || value === undefined || value === '') return 'none';
  if (typeof value === 'number') return numberText(name, value);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map((one) => valueText('', one)).join(', ');
  return Object.values(value as Readonly<Record<string, unknown>>)
    .filter((one) => one !== null && one !== '')
    .map((one) => valueText('', one))
    .join(' ');
}

function numberText(name: string, value: number): string {
  if (name.endsWith('AtMs') || name === 'formerlyAtMs') return exactTime(value);
  return name.endsWith('Days') ? countText(value, 'day') : String(value);
}
