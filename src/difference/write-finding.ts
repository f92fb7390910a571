import type { Finding } from './difference.ts';
import { LEVELS, type Level, type Rule } from './rule.ts';
import type { SchemaFinding } from './schema-walk.ts';

interface Written {
  rule: Rule;
  subject: string;
  from: string;
  to: string;
}

/** A finding in words. @param place of a schema, whose path goes on from the subject */
export function toFinding({ rule, subject, from, to }: Written, place?: SchemaFinding): Finding {
  const where = place ? pathWords(place) : '';
  const whole = where === '' ? subject : `${subject}, ${where}`;
  return { rule: rule.id, level: rule.level, subject: tidy(whole), text: fill(rule.text, tidy(from), tidy(to)) };
}

/** A finding in a shared part, which has no operation to start from. */
export function toSharedFinding(finding: SchemaFinding): Finding {
  const where = pathWords({ ...finding, component: null }) || 'itself';
  const subject = `${where}, ${directionWords(finding.rule.id)}`;
  return toFinding({ ...finding, subject });
}

function pathWords({ path, component, isProperty }: SchemaFinding): string {
  const name = component?.slice(component.indexOf('/') + 1);
  if (path === '') return name === undefined ? '' : `\`${name}\``;
  const whole = name === undefined ? path : `${name}.${path}`;
  return `${isProperty ? 'property' : 'part'} \`${whole}\``;
}

function directionWords(rule: string): string {
  if (rule.includes('webhook-response')) return 'in answers to webhooks';
  if (rule.includes('webhook')) return 'in webhooks';
  if (rule.includes('request-parameter')) return 'in parameters';
  if (rule.startsWith('response-header')) return 'in headers';
  return rule.startsWith('response') ? 'in responses' : 'in requests';
}

function fill(text: string, from: string, to: string): string {
  return text.replace(/\{(from|to)\}/g, (_, name) => (name === 'from' ? from : to));
}

/** The worst first, else in the order given. */
export function byLevel<T extends { level: Level }>(list: readonly T[]): T[] {
  return [...list].sort((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level));
}

/** Text of documents on one line. Backticks mark code; one without its partner marks nothing. */
function tidy(text: string): string {
  const line = text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ');
  return line.split('`').length % 2 === 1 ? line : line.replaceAll('`', "'");
}
