import { isJsonObject } from '../catalog/document-source.ts';
import type { SecurityOption } from './reference.ts';
import type { Resolver } from './resolver.ts';
import { asArray } from './schema-shape.ts';

/**
 * How a call may prove who makes it: the operation's own `security`, else the document's.
 * An empty option means that nothing is needed.
 */
export function describeSecurity(resolver: Resolver, operation: unknown): SecurityOption[] {
  const own = isJsonObject(operation) ? operation.security : undefined;
  const root = resolver.at('');
  const given = own ?? (isJsonObject(root) ? root.security : undefined);
  return asArray(given)
    .filter(isJsonObject)
    .map((requirement) => ({
      schemes: Object.entries(requirement).map(([name, scopes]) => ({
        name,
        how: howTo(resolver.resolve({ $ref: `#/components/securitySchemes/${escape(name)}` }).value),
        scopes: asArray(scopes).filter((scope) => typeof scope === 'string'),
      })),
    }));
}

/** In a sentence fragment: where the credential is put. */
function howTo(scheme: unknown): string {
  if (!isJsonObject(scheme)) return 'not described';
  const { type, name, scheme: http } = scheme;
  if (type === 'apiKey') return `${String(name)} in the ${scheme.in === 'query' ? 'query string' : String(scheme.in)}`;
  if (type === 'http') return `Authorization: ${http === 'basic' ? 'Basic, with the API key as user name' : 'Bearer'}`;
  if (type === 'mutualTLS') return 'a client certificate';
  return type === 'oauth2' ? 'OAuth 2.0' : type === 'openIdConnect' ? 'OpenID Connect' : 'not described';
}

function escape(step: string): string {
  return encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'));
}
