import { documentRules } from './document-rules.ts';
import { propertyRules } from './property-rules.ts';
import type { Rule } from './rule.ts';
import { schemaRules } from './schema-rules.ts';

const byId = new Map([...schemaRules, ...propertyRules, ...documentRules].map((rule) => [rule.id, rule]));

/** Every rule, by its name. */
export const allRules: ReadonlyMap<string, Rule> = byId;

export function ruleNamed(id: string): Rule {
  const rule = byId.get(id);
  if (!rule) throw new RangeError(`there is no rule ${id}`);
  return rule;
}
