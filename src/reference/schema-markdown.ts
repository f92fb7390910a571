import type { SchemaNode } from './schema-node.ts';

/** Lines of a schema as a nested list. What is cut names the page where it goes on. */
export function schemaLines(schema: SchemaNode, versionUrl: string, indent = ''): string[] {
  const properties = schema.properties.flatMap(({ name, isRule, required, schema: node }) => [
    `${indent}- ${isRule ? name : code(name)} (${typeLine(node, versionUrl)}${required ? ', required' : ''})${sentence(node)}`,
    ...schemaLines(node, versionUrl, `${indent}  `),
  ]);
  const omitted = schema.omitted > 0 ? [`${indent}- and ${schema.omitted} more`] : [];
  const options = (schema.choice?.options ?? []).flatMap(({ label, schema: node }) => [
    `${indent}  - ${oneLine(label)} (${typeLine(node, versionUrl)})${sentence(node)}`,
    ...schemaLines(node, versionUrl, `${indent}    `),
  ]);
  return [...properties, ...omitted, ...(schema.choice ? [`${indent}- ${schema.choice.word}:`] : []), ...options];
}

/** Type, flags and where the schema has a page of its own. */
export function typeLine(schema: SchemaNode, versionUrl: string): string {
  const { component } = schema;
  const named =
    component !== null && component.slug !== ''
      ? ` [${component.name}](${versionUrl}/schemas/${component.slug}.md)`
      : '';
  const flags = [schema.deprecated && 'deprecated', schema.readOnly && 'read only', schema.writeOnly && 'write only'];
  return [`${schema.type}${named}`, ...flags.filter((flag) => flag !== false)].join(', ');
}

/** Description and limits, on one line. */
export function sentence(schema: SchemaNode, description = schema.description): string {
  const values = schema.values.length > 0 ? [`one of ${schema.values.map(code).join(', ')}`] : [];
  const fallback = schema.defaultValue === null ? [] : [`without it ${code(schema.defaultValue)}`];
  const facts = [...schema.limits, ...values, ...fallback].join('; ');
  const words = [oneLine(description), facts && `(${oneLine(facts)})`].filter((part) => part !== '');
  return words.length > 0 ? `: ${words.join(' ')}` : '';
}

export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** Inline code around whatever backticks the text has (CommonMark 6.1). */
export function code(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const space = text.startsWith('`') || text.endsWith('`') ? ' ' : '';
  return `${fence}${space}${oneLine(text)}${space}${fence}`;
}

/** A code block around whatever fences the text has. */
export function fenced(text: string, language = ''): string[] {
  const longest = Math.max(2, ...[...text.matchAll(/`{3,}/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return [`${fence}${language}`, text, fence];
}
