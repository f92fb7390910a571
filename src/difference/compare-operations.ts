import type { JsonObject } from '../catalog/document-source.ts';
import { compareRequestBodies } from './compare-bodies.ts';
import { compareLifecycle } from './compare-lifecycle.ts';
import { compareParameters } from './compare-parameters.ts';
import { compareResponses } from './compare-responses.ts';
import { compareServers } from './compare-schemes.ts';
import { compareSecurity } from './compare-security.ts';
import { compareWebhook } from './compare-webhooks.ts';
import type { Comparing, Ledger } from './ledger.ts';
import { type ListedOperation, operationsOfItem } from './list-operations.ts';
import { listOf, objectOf, textOf } from './open-document.ts';

export interface OperationPair {
  old: ListedOperation;
  new: ListedOperation;
}

/** Compares an operation that both documents have. */
export function compareOperation(comparing: Comparing, ledger: Ledger, pair: OperationPair): void {
  const [old, now] = [pair.old.operation, pair.new.operation];
  compareLifecycle(ledger, old, now, comparing.options);
  compareNames(ledger, old, now);
  compareSecurity(comparing, ledger, pair);
  compareParameters(comparing, ledger, pair);
  compareRequestBodies(comparing, ledger, 'request body', old.requestBody, now.requestBody);
  compareResponses(comparing, ledger, old.responses, now.responses);
  compareCallbacks(comparing, ledger, old, now);
  const servers = (one: ListedOperation): unknown => one.operation.servers ?? one.item.servers ?? [];
  compareServers(ledger, servers(pair.old), servers(pair.new));
}

/** What people and generators call it. */
export function compareNames(ledger: Ledger, old: JsonObject, now: JsonObject): void {
  const [from, to] = [textOf(old.operationId), textOf(now.operationId)];
  if (from !== to) {
    const code = (name: string | null): string => (name === null ? 'none' : `\`${name}\``);
    ledger.found('api-operation-id-changed', 'operation', { from: code(from), to: code(to) });
  }
  if (old.summary !== now.summary || old.description !== now.description) {
    ledger.found('api-description-changed', 'operation');
  }
  const [before, after] = [listOf(old.tags).map(String), listOf(now.tags).map(String)];
  for (const tag of after) {
    if (!before.includes(tag)) ledger.found('api-tag-added', 'operation', { to: tag });
  }
  for (const tag of before) {
    if (!after.includes(tag)) ledger.found('api-tag-removed', 'operation', { from: tag });
  }
}

function compareCallbacks(comparing: Comparing, ledger: Ledger, old: JsonObject, now: JsonObject): void {
  const before = callbacksOf(comparing.documents.old, old);
  const after = callbacksOf(comparing.documents.new, now);
  for (const [name, callback] of before) {
    const partner = after.get(name);
    if (partner) compareWebhook(comparing, ledger, `callback \`${name}\`, `, { old: callback, new: partner });
    else ledger.found('callback-removed', 'operation', { from: `\`${name}\`` });
  }
  for (const name of after.keys()) {
    if (!before.has(name)) ledger.found('callback-added', 'operation', { to: `\`${name}\`` });
  }
}

/** By name and method: the address belongs to the one who waits for it. */
function callbacksOf(
  document: Comparing['documents']['old'],
  operation: JsonObject,
): ReadonlyMap<string, ListedOperation> {
  const all = Object.entries(objectOf(operation.callbacks)).flatMap(([name, given]) =>
    Object.entries(objectOf(document.resolve(given).value)).flatMap(([expression, item]) =>
      operationsOfItem(document, 'webhook', expression, item).map((one): [string, ListedOperation] => [
        `${name} ${one.method}`,
        one,
      ]),
    ),
  );
  return new Map(all);
}
