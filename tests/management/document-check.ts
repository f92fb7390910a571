import { managementDocument } from '../../src/management/document.ts';
import { createRouter } from '../../src/management/match-route.ts';
import { operations } from '../../src/management/operations.ts';
import { resolve, schemaMistakes } from '../support/schema-check.ts';

interface ResponseObject {
  content?: Record<string, { schema: unknown }>;
}
type Paths = Record<string, Record<string, { responses: Record<string, ResponseObject> }>>;

const document = managementDocument(operations) as { paths: Paths };
const match = createRouter(operations);

/** What may be answered everywhere, or says by itself that there is no operation. */
const GENERAL = new Set([404, 405]);

/** Every way in which an answer is not what its operation documents, by a validator that knows nothing of zod. */
export function documentMistakes(method: string, path: string, response: Response, text: string): string[] {
  const mistakes = headerMistakes(response);
  const found = match(method, (path.split('?')[0] ?? '').replace(/\/$/, '/'));
  if (found.found !== 'operation')
    return GENERAL.has(response.status) ? mistakes : [...mistakes, 'answers nevertheless'];
  if (response.status === 304) return text === '' ? mistakes : [...mistakes, 'has a body'];
  const { operation } = found;
  const { responses } = document.paths[operation.path]?.[operation.method.toLowerCase()] ?? { responses: {} };
  const node = responses[String(response.status)];
  if (!node) return [...mistakes, `status ${response.status} is not documented: ${text}`];
  const documented = resolve(document, node) as ResponseObject;
  if (method === 'HEAD') return text === '' ? mistakes : [...mistakes, 'has a body'];
  if (!documented.content) return text === '' ? mistakes : [...mistakes, 'a body is not documented'];
  const type = response.headers.get('content-type')?.split(';')[0] ?? '';
  const media = documented.content[type];
  if (!media) return [...mistakes, `${type} is not documented`];
  // A document that is answered has its own rules.
  if (operation.operationId.endsWith('Document') && response.status === 200) return mistakes;
  return [
    ...mistakes,
    ...schemaMistakes(document, media.schema, JSON.parse(text)).filter((one) => !isExtra(one, type)),
  ];
}

/** Problems may carry further members (RFC 9457, 3.2). */
function isExtra(mistake: string, type: string): boolean {
  return type === 'application/problem+json' && mistake.endsWith('is not documented');
}

function headerMistakes(response: Response): string[] {
  const { headers, status } = response;
  const mistakes = /^req_[0-9A-Za-z]{20}$/.test(headers.get('request-id') ?? '') ? [] : ['has no Request-Id'];
  if (headers.get('access-control-allow-origin') !== null) mistakes.push('allows other origins');
  if (!headers.has('cache-control')) mistakes.push('says nothing about caches');
  if (status === 401 && !headers.has('www-authenticate')) mistakes.push('401 without a challenge');
  if (status === 405 && !headers.has('allow')) mistakes.push('405 without Allow');
  if (status === 429 && !headers.has('retry-after')) mistakes.push('429 without Retry-After');
  return mistakes;
}
