import { compareContents } from './compare-bodies.ts';
import { byStatus, coveredBy } from './compare-responses.ts';
import type { Comparing, Ledger } from './ledger.ts';
import { type ListedOperation, listParameters } from './list-operations.ts';
import { contentOf, objectOf } from './open-document.ts';
import { schemaObject } from './schema-parts.ts';

interface WebhookPair {
  old: ListedOperation;
  new: ListedOperation;
}

/**
 * Compares what an API calls by itself, webhooks and callbacks: clients receive the request and send the response, so
 * the directions are the other way round.
 * @param start of every subject, '' for a webhook
 */
export function compareWebhook(comparing: Comparing, ledger: Ledger, start: string, pair: WebhookPair): void {
  const { documents } = comparing;
  const [old, now] = [pair.old.operation, pair.new.operation];
  compareBodies(comparing, ledger, `${start}body`, old.requestBody, now.requestBody);
  compareHeaders(comparing, ledger, start, pair);
  const [before, after] = [byStatus(old.responses), byStatus(now.responses)];
  for (const [status, response] of before) {
    const partner = after.get(status) ?? coveredBy(status, after);
    const subject = `${start}answer ${status.toLowerCase()}`;
    if (partner === undefined) {
      ledger.found('webhook-response-status-removed', subject);
      continue;
    }
    const contents = {
      old: contentOf(documents.old, objectOf(documents.old.resolve(response).value).content),
      new: contentOf(documents.new, objectOf(documents.new.resolve(partner).value).content),
    };
    const rules = { added: 'request-body-media-type-added', removed: 'request-body-media-type-removed' };
    compareContents(ledger, subject, contents, { place: 'webhook-response-body', ...rules }, null);
  }
  for (const status of after.keys()) {
    if (before.has(status) || coveredBy(status, before) !== undefined) continue;
    ledger.found('webhook-response-status-added', `${start}answer ${status.toLowerCase()}`);
  }
}

function compareBodies({ documents }: Comparing, ledger: Ledger, subject: string, old: unknown, now: unknown): void {
  if (old === undefined && now === undefined) return;
  if (old === undefined) {
    ledger.found('webhook-body-added', subject);
    return;
  }
  if (now === undefined) {
    ledger.found('webhook-body-removed', subject);
    return;
  }
  const [before, after] = [documents.old.resolve(old), documents.new.resolve(now)];
  const component = before.component !== null && after.component !== null ? after.component : null;
  const contents = {
    old: contentOf(documents.old, objectOf(before.value).content),
    new: contentOf(documents.new, objectOf(after.value).content),
  };
  const rules = { added: 'webhook-media-type-added', removed: 'webhook-media-type-removed' };
  compareContents(ledger, subject, contents, { place: 'webhook-body', ...rules }, component);
}

function compareHeaders({ documents }: Comparing, ledger: Ledger, start: string, pair: WebhookPair): void {
  const keyed = (list: ReturnType<typeof listParameters>) =>
    new Map(list.map((one) => [`${one.in} ${one.name.toLowerCase()}`, one]));
  const before = keyed(listParameters(documents.old, pair.old));
  const after = keyed(listParameters(documents.new, pair.new));
  for (const [key, old] of before) {
    const now = after.get(key);
    const subject = `${start}${old.in} parameter \`${old.name}\``;
    if (!now) ledger.found('webhook-parameter-removed', subject);
    else {
      const schemas = { old: schemaObject(old.object.schema), new: schemaObject(now.object.schema) };
      ledger.schemas(subject, schemas, 'webhook-property', null);
    }
  }
  for (const [key, { in: place, name }] of after) {
    if (!before.has(key)) ledger.found('webhook-parameter-added', `${start}${place} parameter \`${name}\``);
  }
}
