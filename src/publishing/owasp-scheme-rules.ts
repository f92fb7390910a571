import { isJsonObject } from '../catalog/json-object.ts';
import type { LintRule } from './lint-rule.ts';

/** How callers prove who they are: API2 of the OWASP API Security Top 10 2023, and RFC 9700 for OAuth. */

const WEAK_SCHEMES = new Set(['negotiate', 'oauth', 'hoba', 'mutual', 'vapid']);
const PLAIN_HTTP = /^http:\/\//i;
const JWT_ADVICE = /8725|\baud(ience)?\b|\bexp(iry|ires|iration)?\b|issuer/i;

export const schemeRules: readonly LintRule[] = [
  {
    id: 'owasp-no-http-basic',
    level: 'warning',
    owasp: 'API2',
    title: 'No Basic authentication',
    why: 'A password that goes with every call can neither be restricted nor rotated without an outage. Use keys or tokens.',
    visitors: () => ({
      SecurityScheme(node, { report }) {
        const isBasic = node.type === 'basic' || (node.type === 'http' && lower(node.scheme) === 'basic');
        if (isBasic) report('uses Basic authentication');
      },
    }),
  },
  {
    id: 'owasp-no-api-key-in-url',
    level: 'error',
    owasp: 'API2',
    title: 'Keys do not stand in addresses',
    why: 'Addresses are written into logs, histories and Referer headers. Send the key in a header.',
    visitors: () => ({
      SecurityScheme(node, { report }) {
        if (node.type === 'apiKey' && (node.in === 'query' || node.in === 'path'))
          report(`sends the key in the ${node.in}`, 'in');
      },
    }),
  },
  {
    id: 'owasp-weak-scheme',
    level: 'error',
    owasp: 'API2',
    title: 'Authentication uses a scheme that is kept',
    why: 'These schemes are outdated or hardly anywhere implemented. Use bearer tokens, keys in a header, or OAuth 2.',
    visitors: () => ({
      SecurityScheme(node, { report }) {
        if (node.type === 'http' && WEAK_SCHEMES.has(lower(node.scheme)))
          report(`uses the scheme "${lower(node.scheme)}"`, 'scheme');
      },
    }),
  },
  {
    id: 'owasp-jwt-practice',
    level: 'info',
    owasp: 'API2',
    title: 'JSON Web Tokens say how they are checked',
    why: 'Name issuer, audience, expiry and algorithms in the description (RFC 8725), so that nobody accepts a foreign token.',
    visitors: () => ({
      SecurityScheme(node, { report }) {
        const isJwt = node.type === 'openIdConnect' || lower(node.bearerFormat) === 'jwt';
        if (isJwt && !JWT_ADVICE.test(lower(node.description))) report('does not say how tokens are checked');
      },
    }),
  },
  {
    id: 'owasp-oauth-flow',
    level: 'warning',
    owasp: 'API2',
    title: 'OAuth uses the authorization code',
    why: 'The implicit and the password flow give tokens or passwords away (RFC 9700, 2.1.2 and 2.4).',
    visitors: () => ({
      SecurityScheme(node, { report }) {
        if (node.type !== 'oauth2') return;
        const names = isJsonObject(node.flows) ? Object.keys(node.flows) : [lower(node.flow)];
        for (const name of names) if (name === 'implicit' || name === 'password') report(`offers the ${name} flow`);
      },
    }),
  },
  {
    id: 'owasp-oauth-refresh',
    level: 'info',
    owasp: 'API2',
    title: 'Access tokens live a short time',
    why: 'Without a refreshUrl, tokens tend to live long, and a stolen one does too.',
    visitors: () => ({
      SecurityScheme(node, { report }) {
        for (const [name, flow] of flowsOf(node)) {
          if (name !== 'clientCredentials' && flow.refreshUrl === undefined)
            report(`the ${name} flow has no refreshUrl`);
        }
      },
    }),
  },
  {
    id: 'owasp-oauth-http',
    level: 'error',
    owasp: 'API2',
    title: 'Tokens are fetched over HTTPS',
    why: 'Over plain HTTP, everybody on the way reads codes and tokens.',
    visitors: () => ({
      SecurityScheme(node, { report }) {
        const flows = [...flowsOf(node), ['scheme', node] as const];
        for (const [, flow] of flows) {
          for (const name of ['authorizationUrl', 'tokenUrl', 'refreshUrl', 'openIdConnectUrl']) {
            if (PLAIN_HTTP.test(lower(flow[name]))) report(`${name} is plain HTTP`);
          }
        }
      },
    }),
  },
];

function flowsOf({ flows }: Readonly<Record<string, unknown>>): [string, Record<string, unknown>][] {
  return Object.entries(isJsonObject(flows) ? flows : {}).flatMap(([name, flow]) =>
    isJsonObject(flow) ? [[name, flow]] : [],
  );
}

function lower(value: unknown): string {
  return typeof value === 'string' ? value.toLowerCase() : '';
}
