import type { FieldErrors, FieldValues } from '../platform/parsed.ts';
import { AUDIT_AREAS, type AuditFilter, NO_AUDIT_FILTER } from './audit-query.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const ID = /^[a-z]{2,12}_[0-9A-Za-z]{1,64}$/;
const FIELDS = ['area', 'application', 'actor', 'subject', 'from', 'until'] as const;

/** What the address of a list of audit entries asks for. What is wrong narrows nothing, and is told. */
export interface AuditListQuery {
  filter: AuditFilter;
  beforeSequence: number | null;
  errors: FieldErrors | undefined;
  values: FieldValues;
}

/** Parameters: `area`, `application`, `actor`, `subject`, `from` and `until` (days, UTC, both included), `before`. */
export function parseAuditQuery(query: URLSearchParams): AuditListQuery {
  const values: Record<string, string> = {};
  for (const name of FIELDS) values[name] = (query.get(name) ?? '').trim().slice(0, 100);
  const errors: Record<string, string> = {};
  const day = (name: 'from' | 'until'): number | null => {
    const text = values[name] ?? '';
    const atMs = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
    const isDay = !Number.isNaN(atMs) && new Date(atMs).toISOString().startsWith(text);
    if (text !== '' && !isDay) errors[name] = 'Enter a day such as 2026-11-24.';
    return isDay ? atMs : null;
  };
  const id = (name: 'application' | 'actor' | 'subject'): string | null => {
    const text = values[name] ?? '';
    const isId = ID.test(text) || (name === 'actor' && (text === 'system' || text === 'others'));
    if (text !== '' && !isId) errors[name] = 'Enter an id, such as key_ and letters and digits after it.';
    return isId ? text : null;
  };
  const untilMs = day('until');
  const filter: AuditFilter = {
    ...NO_AUDIT_FILTER,
    area: AUDIT_AREAS.find((area) => area === values.area) ?? null,
    applicationId: id('application'),
    actor: id('actor'),
    subject: id('subject'),
    fromMs: day('from'),
    untilMs: untilMs === null ? null : untilMs + DAY_MS,
  };
  if (filter.fromMs !== null && filter.untilMs !== null && filter.fromMs >= filter.untilMs) {
    errors.until = 'The last day lies before the first one.';
  }
  const before = Number(query.get('before'));
  const beforeSequence = Number.isSafeInteger(before) && before > 0 ? before : null;
  return { filter, beforeSequence, values, errors: Object.keys(errors).length === 0 ? undefined : errors };
}

/** The address of the same list further on, or of its export. */
export function auditPath(path: string, values: FieldValues, beforeSequence: number | null): string {
  const query = new URLSearchParams(Object.entries(values).filter(([, value]) => value !== ''));
  if (beforeSequence !== null) query.set('before', String(beforeSequence));
  const text = query.toString();
  return text === '' ? path : `${path}?${text}`;
}
