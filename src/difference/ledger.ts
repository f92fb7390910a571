import type { CompareOptions } from './difference.ts';
import type { OpenDocument } from './open-document.ts';
import type { Rule } from './rule.ts';
import { ruleNamed } from './rules.ts';
import type { Place } from './schema-rules.ts';
import type { Comparison, SchemaPair, SchemaWalk } from './schema-walk.ts';

/** What all comparisons of two documents share. */
export interface Comparing {
  documents: { old: OpenDocument; new: OpenDocument };
  walk: SchemaWalk;
  options: CompareOptions;
}

/** A finding of an operation, or of a shared part that it uses. */
export interface LocatedFinding {
  rule: Rule;
  subject: string;
  from: string;
  to: string;
  component: string | null;
}

/** Schemas that an operation uses. */
export interface Root {
  /** Such as `request body`. */
  context: string;
  comparison: Comparison;
}

/** Where what happened to one operation is written down. */
export interface Ledger {
  readonly findings: readonly LocatedFinding[];
  readonly roots: readonly Root[];
  found(rule: string, subject: string, values?: { from?: string; to?: string }, component?: string | null): void;
  schemas(context: string, pair: SchemaPair, place: Place, component: string | null): void;
}

export function createLedger({ walk }: Pick<Comparing, 'walk'>): Ledger {
  const findings: LocatedFinding[] = [];
  const roots: Root[] = [];
  return {
    findings,
    roots,
    found: (rule, subject, { from = '', to = '' } = {}, component = null) => {
      findings.push({ rule: ruleNamed(rule), subject, from, to, component });
    },
    schemas: (context, pair, place, component) => {
      roots.push({ context, comparison: walk.start(pair, place, component) });
    },
  };
}
