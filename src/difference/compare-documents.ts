import type { JsonObject } from '../catalog/document-source.ts';
import { compareLifecycle, reportRemoval } from './compare-lifecycle.ts';
import { compareNames, compareOperation } from './compare-operations.ts';
import { compareSchemas } from './compare-schemas.ts';
import { compareSchemes, compareServers } from './compare-schemes.ts';
import { compareWebhook } from './compare-webhooks.ts';
import type { CompareOptions, Difference, DocumentName } from './difference.ts';
import { type Comparing, type Ledger, createLedger } from './ledger.ts';
import { type MatchedOperation, listOperations, matchOperations } from './list-operations.ts';
import { objectOf, openDocument, textOf } from './open-document.ts';
import { report } from './report.ts';
import { createSchemaWalk } from './schema-walk.ts';

/**
 * What changed between two documents, and whom it breaks. Both are OpenAPI 3.1 or 3.2 as `readOpenApiDocument` gives
 * them; their order matters: what narrows from the old to the new is judged by who sends it. Pure, and takes time in
 * proportion to the documents, however they refer to themselves.
 */
export function compareDocuments(old: JsonObject, now: JsonObject, options: CompareOptions): Difference {
  const documents = { old: openDocument(old), new: openDocument(now) };
  const walk = createSchemaWalk(documents, compareSchemas);
  const comparing: Comparing = { documents, walk, options };
  const matched = matchOperations(listOperations(documents.old), listOperations(documents.new)).map((match) => {
    const ledger = createLedger(comparing);
    compareMatch(comparing, ledger, match);
    return { match, ledger };
  });
  const general = createLedger(comparing);
  compareGeneral(comparing, general);
  const isComplete = walk.run();
  return { old: nameOf(old), new: nameOf(now), ...report(matched, general, isComplete) };
}

function nameOf({ info }: JsonObject): DocumentName {
  const { title, version } = objectOf(info);
  return { title: textOf(title) ?? '', version: textOf(version) ?? '' };
}

function compareMatch(comparing: Comparing, ledger: Ledger, { old, new: now, isPathRemoved }: MatchedOperation): void {
  const kind = (now ?? old)?.kind;
  if (!old) {
    ledger.found(kind === 'webhook' ? 'webhook-added' : 'endpoint-added', kind ?? 'operation');
    return;
  }
  if (!now) {
    if (kind === 'webhook') {
      ledger.found('webhook-removed', 'webhook');
      return;
    }
    reportRemoval(ledger, old.operation, isPathRemoved, comparing.options);
    return;
  }
  if (kind === 'operation') {
    compareOperation(comparing, ledger, { old, new: now });
    return;
  }
  compareLifecycle(ledger, old.operation, now.operation, comparing.options);
  compareNames(ledger, old.operation, now.operation);
  compareWebhook(comparing, ledger, '', { old, new: now });
}

function compareGeneral(comparing: Comparing, ledger: Ledger): void {
  const { old, new: now } = comparing.documents;
  compareSchemes(comparing, ledger);
  compareServers(ledger, old.root.servers, now.root.servers);
  const [before, after] = [objectOf(old.root.info), objectOf(now.root.info)];
  if (before.title !== after.title || before.description !== after.description) {
    ledger.found('api-description-changed', 'API');
  }
}
