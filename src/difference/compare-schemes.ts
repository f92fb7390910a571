import type { JsonObject } from '../catalog/document-source.ts';
import { trimEndCharacters } from '../platform/trim-characters.ts';
import { renamedSchemes, schemesOf } from './compare-security.ts';
import type { Comparing, Ledger } from './ledger.ts';
import { canonicalJson, listOf, objectOf, textOf } from './open-document.ts';

/** Compares how one signs in: the security schemes of the documents. */
export function compareSchemes({ documents }: Comparing, ledger: Ledger): void {
  const [before, after] = [schemesOf(documents.old), schemesOf(documents.new)];
  const renamed = renamedSchemes(documents);
  const kept = new Set(renamed.values());
  for (const [name, given] of Object.entries(before)) {
    const now = after[renamed.get(name) ?? name];
    const subject = `security scheme \`${name}\``;
    if (now === undefined) ledger.found('api-security-component-removed', subject);
    else compareScheme(ledger, subject, objectOf(given), objectOf(now));
  }
  for (const name of Object.keys(after)) {
    if (!Object.hasOwn(before, name) && !kept.has(name)) {
      ledger.found('api-security-component-added', `security scheme \`${name}\``);
    }
  }
}

function compareScheme(ledger: Ledger, subject: string, old: JsonObject, now: JsonObject): void {
  const [from, to] = [kindOf(old), kindOf(now)];
  if (from !== to) {
    ledger.found('api-security-component-type-changed', subject, { from, to });
    return;
  }
  const [wasAt, isAt] = [placeOf(old), placeOf(now)];
  if (wasAt !== isAt) ledger.found('api-security-component-place-changed', subject, { from: wasAt, to: isAt });
  if (old.openIdConnectUrl !== now.openIdConnectUrl) {
    const values = { from: String(old.openIdConnectUrl), to: String(now.openIdConnectUrl) };
    ledger.found('api-security-component-oauth-url-changed', subject, values);
  }
  compareFlows(ledger, subject, objectOf(old.flows), objectOf(now.flows));
  if (old.description !== now.description) ledger.found('api-description-changed', subject);
}

function kindOf({ type, scheme }: JsonObject): string {
  return type === 'http' ? `HTTP ${(textOf(scheme) ?? '').toLowerCase()}` : (textOf(type) ?? 'unknown');
}

function placeOf({ type, in: place, name }: JsonObject): string {
  return type === 'apiKey' ? `${textOf(place) ?? ''} \`${textOf(name) ?? ''}\`` : '';
}

function compareFlows(ledger: Ledger, subject: string, old: JsonObject, now: JsonObject): void {
  for (const flow of new Set([...Object.keys(old), ...Object.keys(now)])) {
    const [before, after] = [objectOf(old[flow]), objectOf(now[flow])];
    const found = (rule: string, from: unknown, to: unknown): void =>
      ledger.found(`api-security-component-oauth-${rule}`, subject, { from: String(from), to: String(to) });
    if (!Object.hasOwn(now, flow)) found('flow-removed', `\`${flow}\``, '');
    else if (!Object.hasOwn(old, flow)) found('flow-added', '', `\`${flow}\``);
    else {
      if (before.authorizationUrl !== after.authorizationUrl)
        found('url-changed', before.authorizationUrl, after.authorizationUrl);
      if (before.tokenUrl !== after.tokenUrl) found('token-url-changed', before.tokenUrl, after.tokenUrl);
      const [scopes, newScopes] = [Object.keys(objectOf(before.scopes)), Object.keys(objectOf(after.scopes))];
      const removed = scopes.filter((scope) => !newScopes.includes(scope));
      const added = newScopes.filter((scope) => !scopes.includes(scope));
      if (removed.length > 0) found('scope-removed', codes(removed), '');
      if (added.length > 0) found('scope-added', '', codes(added));
    }
  }
}

function codes(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}

/** Compares the addresses at which an API is called. */
export function compareServers(ledger: Ledger, old: unknown, now: unknown): void {
  const [before, after] = [byUrl(old), byUrl(now)];
  for (const [url, server] of before) {
    const subject = `server \`${url}\``;
    const partner = after.get(url);
    if (!partner) ledger.found('api-server-removed', subject);
    else if (canonicalJson(server.variables ?? {}) !== canonicalJson(partner.variables ?? {})) {
      ledger.found('api-server-variable-changed', subject);
    }
  }
  for (const url of after.keys()) {
    if (!before.has(url)) ledger.found('api-server-added', `server \`${url}\``);
  }
}

/** `https://api.example/` is `https://api.example`. */
function byUrl(servers: unknown): ReadonlyMap<string, JsonObject> {
  return new Map(
    listOf(servers)
      .map(objectOf)
      .map((server) => [trimEndCharacters(textOf(server.url) ?? '', '/'), server]),
  );
}
