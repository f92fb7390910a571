import type { DocumentPart, PartKind } from './catalog.ts';
import { type JsonObject, isJsonObject } from './document-source.ts';
import { escapeStep } from './json-pointer.ts';
import type { FoundOperation } from './operations.ts';
import { operationsOfPathItem, sharedOfPathItem, stepsOfMethod, stepsToOperation } from './path-item.ts';
import { componentSlugs, slugsOf } from './slugs.ts';

/** The pointer of the part in which something stands. */
export function partPointer(steps: readonly string[]): string {
  const [section = '', , ...within] = steps;
  const isItem = section === 'paths' || section === 'webhooks';
  const length = section === 'components' ? 3 : isItem ? 2 + stepsToOperation(within) : 0;
  return steps.slice(0, length).map(escapeStep).join('');
}

/** Where an operation stands, and what it shares with the others of its path. */
export function operationPointers(path: string, method: string): { operation: string; shared: string } {
  const shared = partPointer(['paths', path]);
  return { operation: shared + stepsOfMethod(method).map(escapeStep).join(''), shared };
}

/** @param operations those of the document, as `findOperations` finds them */
export function splitDocument(document: JsonObject, operations: readonly FoundOperation[]): DocumentPart[] {
  const { paths, components, webhooks, ...root } = document;
  return [
    { pointer: '', kind: 'root', slug: '', json: JSON.stringify(root) },
    ...operations.map(({ location, object }): DocumentPart => part(location, 'operation', object)),
    ...sharedParts('paths', paths),
    ...sharedParts('webhooks', webhooks),
    ...webhookParts(webhooks),
    ...componentParts(components),
  ];
}

function part(steps: readonly string[], kind: PartKind, value: unknown, slug = ''): DocumentPart {
  return { pointer: steps.map(escapeStep).join(''), kind, slug, json: JSON.stringify(value) };
}

/** What the operations of a path have in common, such as its parameters. */
function sharedParts(section: string, items: unknown): DocumentPart[] {
  return entriesOf(items).flatMap(([name, item]) => {
    const shared = isJsonObject(item) ? sharedOfPathItem(item) : {};
    return Object.keys(shared).length === 0 ? [] : [part([section, name], 'path', shared)];
  });
}

/** A webhook's page shows its first method; documents name one. */
function webhookParts(webhooks: unknown): DocumentPart[] {
  const named = entriesOf(webhooks);
  const slugs = slugsOf(named.map(([name]) => name));
  return named.flatMap(([name, item]) =>
    operationsOfPathItem(isJsonObject(item) ? item : {}).map(({ steps, object }, index) =>
      part(['webhooks', name, ...steps], 'webhook', object, index === 0 ? slugs.get(name) : ''),
    ),
  );
}

function componentParts(components: unknown): DocumentPart[] {
  return entriesOf(components).flatMap(([section, members]) => {
    const named = entriesOf(members);
    if (section !== 'schemas')
      return named.map(([name, value]) => part(['components', section, name], 'component', value));
    const slugs = componentSlugs(named.map(([name]) => name));
    return named.map(([name, value]) => part(['components', section, name], 'schema', value, slugs.get(name)));
  });
}

function entriesOf(value: unknown): [string, unknown][] {
  return isJsonObject(value) ? Object.entries(value) : [];
}
