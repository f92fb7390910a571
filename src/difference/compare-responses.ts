import type { JsonObject } from '../catalog/document-source.ts';
import { type MediaRules, compareContents } from './compare-bodies.ts';
import type { Comparing, Ledger } from './ledger.ts';
import { type Resolved, canonicalJson, contentOf, objectOf } from './open-document.ts';
import { ANY, schemaObject } from './schema-parts.ts';

const media: MediaRules = {
  place: 'response-body',
  added: 'response-media-type-added',
  removed: 'response-media-type-removed',
  generalized: 'response-media-type-name-generalized',
  specialized: 'response-media-type-name-specialized',
};

/** Compares responses by status; `2XX` and `default` stand for those that are not named. */
export function compareResponses(comparing: Comparing, ledger: Ledger, old: unknown, now: unknown): void {
  const [before, after] = [byStatus(old), byStatus(now)];
  for (const [status, response] of before) {
    const partner = after.get(status) ?? coveredBy(status, after);
    if (partner !== undefined) compareResponse(comparing, ledger, status, response, partner);
    else reportStatus(ledger, status, 'removed');
  }
  for (const [status, response] of after) {
    if (before.has(status)) continue;
    const partner = coveredBy(status, before);
    if (partner === undefined) reportStatus(ledger, status, 'added');
    else compareResponse(comparing, ledger, status, partner, response);
  }
}

export function byStatus(responses: unknown): ReadonlyMap<string, unknown> {
  return new Map(
    Object.entries(objectOf(responses))
      .filter(([status]) => !status.startsWith('x-'))
      .map(([status, response]) => [status.toUpperCase(), response]),
  );
}

/** What stands for a status that has no line of its own. A success is not covered by `default`: that is for errors. */
export function coveredBy(status: string, responses: ReadonlyMap<string, unknown>): unknown {
  const range = responses.get(`${status.charAt(0)}XX`);
  return range ?? (isSuccess(status) || status === 'DEFAULT' ? undefined : responses.get('DEFAULT'));
}

function isSuccess(status: string): boolean {
  return status.startsWith('2') || status.startsWith('3') || status.startsWith('1');
}

function reportStatus(ledger: Ledger, status: string, event: 'added' | 'removed'): void {
  const kind = isSuccess(status) ? 'success' : 'non-success';
  ledger.found(`response-${kind}-status-${event}`, `response ${status.toLowerCase()}`);
}

function compareResponse(comparing: Comparing, ledger: Ledger, status: string, old: unknown, now: unknown): void {
  const { documents } = comparing;
  const [before, after] = [documents.old.resolve(old), documents.new.resolve(now)];
  const component = sharedBy(before, after);
  const [a, b] = [objectOf(before.value), objectOf(after.value)];
  const context = `response ${status === 'DEFAULT' ? 'default' : status}`;
  if (a.description !== b.description || a.summary !== b.summary)
    ledger.found('api-description-changed', context, {}, component);
  const contents = { old: contentOf(documents.old, a.content), new: contentOf(documents.new, b.content) };
  compareContents(ledger, context, contents, media, component);
  compareHeaders(comparing, ledger, context, { old: objectOf(a.headers), new: objectOf(b.headers) }, component);
  compareLinks(ledger, context, objectOf(a.links), objectOf(b.links), component);
}

function sharedBy(before: Resolved, after: Resolved): string | null {
  return before.component !== null && after.component !== null ? after.component : null;
}

function compareHeaders(
  { documents }: Comparing,
  ledger: Ledger,
  context: string,
  headers: { old: JsonObject; new: JsonObject },
  around: string | null,
): void {
  const [before, after] = [byName(headers.old), byName(headers.new)];
  for (const [key, { name, value }] of before) {
    const subject = `${context}, header \`${name}\``;
    const old = documents.old.resolve(value);
    const partner = after.get(key);
    const a = objectOf(old.value);
    if (!partner) {
      ledger.found(
        a.required === true ? 'required-response-header-removed' : 'optional-response-header-removed',
        subject,
        {},
        around,
      );
      continue;
    }
    const now = documents.new.resolve(partner.value);
    const component = sharedBy(old, now) ?? around;
    const b = objectOf(now.value);
    if (a.required === true && b.required !== true)
      ledger.found('response-header-became-optional', subject, {}, component);
    if (a.required !== true && b.required === true)
      ledger.found('response-header-became-required', subject, {}, component);
    if (a.description !== b.description) ledger.found('api-description-changed', subject, {}, component);
    ledger.schemas(subject, { old: headerSchema(a), new: headerSchema(b) }, 'response-header', component);
  }
  for (const [key, { name }] of after) {
    if (!before.has(key)) ledger.found('response-header-added', `${context}, header \`${name}\``, {}, around);
  }
}

/** Names of headers have no case; `Content-Type` is told by the media types (OpenAPI 3.1, Response Object). */
function byName(headers: JsonObject): ReadonlyMap<string, { name: string; value: unknown }> {
  const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), { name, value }] as const);
  return new Map(named.filter(([key]) => key !== 'content-type'));
}

function headerSchema(header: JsonObject): JsonObject {
  const [content] = Object.values(objectOf(header.content));
  return content === undefined
    ? header.schema === undefined
      ? ANY
      : schemaObject(header.schema)
    : schemaObject(objectOf(content).schema);
}

function compareLinks(
  ledger: Ledger,
  context: string,
  old: JsonObject,
  now: JsonObject,
  component: string | null,
): void {
  for (const name of new Set([...Object.keys(old), ...Object.keys(now)])) {
    const text = `\`${name}\``;
    if (!Object.hasOwn(now, name)) ledger.found('response-link-removed', context, { from: text }, component);
    else if (!Object.hasOwn(old, name)) ledger.found('response-link-added', context, { to: text }, component);
    else if (canonicalJson(old[name]) !== canonicalJson(now[name]))
      ledger.found('response-link-changed', context, { to: text }, component);
  }
}
