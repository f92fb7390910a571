import type { PortalSchema } from '../database/schema.ts';
import { type KeyRestrictions, UNRESTRICTED } from './key-restrictions.ts';

/** The columns of a key that hold its restrictions. */
export type RestrictionColumns = Record<
  keyof Pick<PortalSchema['api_key'], 'allowlist' | 'allowlist_notes' | 'restrictions'>,
  string
>;

/** Notes are kept apart, so that the verifier need not read anew what only people see. */
export function restrictionColumns({
  allowlist,
  scopes,
  methods,
  operations,
  referrers,
}: KeyRestrictions): RestrictionColumns {
  const notes = allowlist.filter(({ note }) => note !== '').map(({ cidr, note }) => [cidr, note]);
  const lists = Object.entries({ scopes, methods, operations, referrers }).filter(([, list]) => list.length > 0);
  return {
    allowlist: JSON.stringify(allowlist.map(({ cidr }) => cidr)),
    allowlist_notes: JSON.stringify(Object.fromEntries(notes)),
    restrictions: JSON.stringify(Object.fromEntries(lists)),
  };
}

export function readRestrictions(columns: RestrictionColumns): KeyRestrictions {
  const notes = JSON.parse(columns.allowlist_notes) as Record<string, string>;
  const cidrs = JSON.parse(columns.allowlist) as string[];
  return {
    ...UNRESTRICTED,
    ...(JSON.parse(columns.restrictions) as Partial<KeyRestrictions>),
    allowlist: cidrs.map((cidr) => ({ cidr, note: notes[cidr] ?? '' })),
  };
}
