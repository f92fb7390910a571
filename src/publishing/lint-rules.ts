import type { LintRule, LintRuleText } from './lint-rule.ts';
import { operationRules } from './owasp-operation-rules.ts';
import { schemaRules } from './owasp-schema-rules.ts';
import { schemeRules } from './owasp-scheme-rules.ts';
import { qualityRules } from './quality-rules.ts';

/** Rules of our own, about the security of what a document describes. */
export const owaspRules: readonly LintRule[] = [...schemeRules, ...operationRules, ...schemaRules];

const texts = new Map<string, LintRuleText>([
  ...Object.entries(qualityRules),
  ...owaspRules.map((rule) => [rule.id, rule] as const),
]);

/** Every rule by its name. */
export const lintRules: ReadonlyMap<string, LintRuleText> = texts;

const UNKNOWN: LintRuleText = { level: 'info', title: 'A rule that is not used any more', why: '' };

/** The words of a rule that a stored report names. */
export function lintRuleNamed(id: string): LintRuleText {
  return texts.get(id) ?? UNKNOWN;
}
