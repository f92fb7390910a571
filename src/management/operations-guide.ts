import { operationSlugs } from '../catalog/slugs.ts';
import { describeDocument } from './document-text.ts';
import type { AnyOperation } from './operation.ts';
import { operations } from './operations.ts';

const HEAD = `---
title: Operations of the management API
summary: Everything that a program can do here, and the scope that its access token needs for it.
section: Calling APIs
position: 4
---

[The guide](/guides/management-api) says how to get a token and how to call; each operation leads to its place in the
reference.
`;

/** What stands in `content/guides/management-api-operations.md`, which `write-document.ts` makes: every operation, by its tag. */
export function operationsGuide(): string {
  const slugs = operationSlugs(operations.map(({ operationId }) => operationId));
  const sections = describeDocument([]).tags.map(({ name }) => {
    const lines = operations.filter(({ tag }) => tag === name).map((operation) => line(operation, slugs));
    return `\n## ${name}\n\n${lines.join('')}`;
  });
  return HEAD + sections.join('');
}

function line(
  { operationId, method, path, summary, access }: AnyOperation,
  slugs: ReadonlyMap<string, string>,
): string {
  const page = `/docs/gatehouse/v1/${slugs.get(operationId) ?? ''}`;
  return `- [${summary}](${page}): \`${method} ${path}\`${needs(access)}\n`;
}

function needs(access: AnyOperation['access']): string {
  if (access === 'public') return '';
  if (access === 'api key') return ', with an API key';
  return access === 'any token' ? ', with any token' : `, \`${access}\``;
}
