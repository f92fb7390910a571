import { isJsonObject } from '../catalog/json-object.ts';
import { operationsOfPathItem } from '../catalog/path-item.ts';
import type { LintRule, Visitors } from './lint-rule.ts';

/** Who may call, how often, and what refusals look like: API2, API4, API5, API8 and API9 of the OWASP Top 10 2023. */

type Node = Readonly<Record<string, unknown>>;

/** Of a method that only its document knows, the worse is assumed. */
const READS = new Set(['get', 'head', 'options', 'trace', 'query']);
const CREDENTIAL_NAME =
  /^(?:client_?secret|(?:access|refresh|id|auth|session)?_?-?token|jwt|pass(?:word|wd)?|secret|api_?-?key|private_?key|credentials?)$/i;
const LIMIT_HEADER = /^(?:x-)?rate-?limit(?:-|$)/i;
const ADMIN_PATH = /\/(?:admin|internal|management)(?:\/|$)/i;
const LOCAL = /^https?:\/\/(?:localhost|127\.|\[::1\])/i;

/** The security of an operation that names none is that of the document. */
function withSecurity(
  check: (security: unknown, node: Node, report: (text: string) => void, method: string) => void,
): () => Visitors {
  return () => {
    let general: unknown;
    return {
      Root(node) {
        general = node.security;
      },
      Operation: (node, { report, key }) => check(node.security ?? general, node, report, key),
    };
  };
}

/** Anonymous callers pass when there is no requirement, or an empty one among them. */
function isOpen(security: unknown): boolean {
  if (!Array.isArray(security) || security.length === 0) return true;
  return security.some((one) => isJsonObject(one) && Object.keys(one).length === 0);
}

function onResponses(
  check: (statuses: readonly string[], report: (text: string, member?: string) => void) => void,
): () => Visitors {
  return () => ({
    Operation(node, { report }) {
      if (isJsonObject(node.responses)) check(Object.keys(node.responses), report);
    },
  });
}

function lacks(statuses: readonly string[], ...wanted: string[]): boolean {
  return ![...wanted, 'default'].some((status) => statuses.includes(status));
}

export const operationRules: readonly LintRule[] = [
  {
    id: 'owasp-write-restricted',
    level: 'warning',
    owasp: 'API2',
    title: 'Changes need a credential',
    why: 'As the document says it, anybody may change something. The gateway asks for a key all the same; readers do not know.',
    visitors: withSecurity((security, _node, report, method) => {
      if (!READS.has(method) && isOpen(security)) report('can be called without a credential');
    }),
  },
  {
    id: 'owasp-read-restricted',
    level: 'info',
    owasp: 'API2',
    title: 'Reading needs a credential',
    why: 'Make sure that everybody may read this; otherwise name a security requirement.',
    visitors: withSecurity((security, _node, report, method) => {
      if (READS.has(method) && isOpen(security)) report('can be called without a credential');
    }),
  },
  {
    id: 'owasp-no-credentials-in-url',
    level: 'error',
    owasp: 'API2',
    title: 'Secrets do not stand in addresses',
    why: 'Addresses are written into logs, histories and Referer headers. Send secrets in headers or bodies.',
    visitors: () => ({
      Parameter(node, { report }) {
        const name = String(node.name);
        if ((node.in === 'query' || node.in === 'path') && CREDENTIAL_NAME.test(name))
          report(`takes "${name}" in the ${node.in}`);
      },
    }),
  },
  {
    id: 'owasp-rate-limit-status',
    level: 'info',
    owasp: 'API4',
    title: 'Operations describe 429',
    why: 'Callers who know the answer to too many calls wait instead of trying again at once. The gateway limits calls in any case.',
    visitors: onResponses((statuses, report) => {
      if (lacks(statuses, '429', '4XX')) report('does not describe 429', 'responses');
    }),
  },
  {
    id: 'owasp-rate-limit-headers',
    level: 'info',
    owasp: 'API4',
    title: 'Answers show the rate limit',
    why: 'Describe the RateLimit headers of the gateway, so that clients slow down before they are refused.',
    visitors: () => ({
      Response(node, { report, key }) {
        if (!/^2\d\d$|^2XX$/.test(key)) return;
        const names = isJsonObject(node.headers) ? Object.keys(node.headers) : [];
        if (!names.some((name) => LIMIT_HEADER.test(name))) report('describes no RateLimit header');
      },
    }),
  },
  {
    id: 'owasp-retry-after',
    level: 'info',
    owasp: 'API4',
    title: '429 comes with Retry-After',
    why: 'Without it, clients guess when to try again, and guess too early.',
    visitors: () => ({
      Response(node, { report, key }) {
        const names = isJsonObject(node.headers) ? Object.keys(node.headers) : [];
        if (key === '429' && !names.some((name) => name.toLowerCase() === 'retry-after'))
          report('describes no Retry-After header');
      },
    }),
  },
  {
    id: 'owasp-admin-security',
    level: 'warning',
    owasp: 'API5',
    title: 'Administration asks for more',
    why: 'Operations of administrators have the same security requirement as those of everybody: a mistake in a check opens them to all.',
    visitors: adminVisitors,
  },
  {
    id: 'owasp-server-http',
    level: 'warning',
    owasp: 'API8',
    title: 'Servers are called over HTTPS',
    why: 'Over plain HTTP everybody on the way reads keys and data.',
    visitors: () => ({
      Root(node, { report }) {
        if (Array.isArray(node.schemes) && node.schemes.includes('http')) report('offers plain HTTP', 'schemes');
      },
      Server(node, { report }) {
        const url = String(node.url);
        if (/^http:\/\//i.test(url) && !LOCAL.test(url)) report('is plain HTTP', 'url');
      },
    }),
  },
  {
    id: 'owasp-error-401',
    level: 'info',
    owasp: 'API8',
    title: 'Operations describe 401',
    why: 'Callers handle a missing or ended credential when they know what it looks like.',
    visitors: withSecurity((security, node, report) => {
      const statuses = isJsonObject(node.responses) ? Object.keys(node.responses) : [];
      if (!isOpen(security) && lacks(statuses, '401', '4XX')) report('does not describe 401');
    }),
  },
  {
    id: 'owasp-error-validation',
    level: 'info',
    owasp: 'API8',
    title: 'Operations describe refused input',
    why: 'Describe 400, 422 or 4XX, so that wrong input gets a clear answer instead of a surprise.',
    visitors: onResponses((statuses, report) => {
      if (lacks(statuses, '400', '422', '4XX')) report('describes neither 400 nor 422', 'responses');
    }),
  },
  {
    id: 'owasp-error-500',
    level: 'info',
    owasp: 'API8',
    title: 'Operations describe 500',
    why: 'An answer that is described holds no stack trace.',
    visitors: onResponses((statuses, report) => {
      if (lacks(statuses, '500', '5XX')) report('does not describe 500', 'responses');
    }),
  },
  {
    id: 'owasp-server-purpose',
    level: 'info',
    owasp: 'API9',
    title: 'Servers say what they are for',
    why: 'Test systems that nobody lists are forgotten and not updated. Say which server is for what.',
    visitors: () => ({
      Server(node, { report }) {
        if (typeof node.description !== 'string' || node.description === '') report('has no description');
      },
    }),
  },
];

/** Compared once everything is known: an API of administrators only has one requirement everywhere. */
function adminVisitors(): Visitors {
  let general: unknown;
  const ordinary = new Set<string>();
  return {
    Root(node) {
      general = node.security;
      for (const [path, item] of Object.entries(isJsonObject(node.paths) ? node.paths : {})) {
        if (ADMIN_PATH.test(path) || !isJsonObject(item)) continue;
        for (const { object } of operationsOfPathItem(item)) {
          if (object.responses !== undefined) ordinary.add(JSON.stringify(object.security ?? general ?? []));
        }
      }
    },
    PathItem(node, { report, key }) {
      if (!ADMIN_PATH.test(key)) return;
      for (const { method, steps, object } of operationsOfPathItem(node)) {
        if (object.responses === undefined) continue;
        const own = JSON.stringify(object.security ?? general ?? []);
        if (ordinary.has(own)) report(`${method} has the security of ordinary operations`, steps[0]);
      }
    },
  };
}
