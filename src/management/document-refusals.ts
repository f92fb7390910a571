import { wantsRole } from './check-role.ts';
import { type AnyOperation, wantsToken } from './operation.ts';
import type { RefusalText } from './refusal-text.ts';
import { type RefusalCode, refusals } from './refusals.ts';

type Json = Record<string, unknown>;

/** What an operation refuses: its own, and what follows from what it takes. By status, each code with its title. */
export function refusalCodesOf(operation: AnyOperation): RefusalCode[] {
  const codes = new Set<RefusalCode>(operation.refusals);
  codes.add('invalid_parameter');
  codes.add('malformed_body');
  if (wantsToken(operation)) {
    for (const code of ['missing_access_token', 'access_token_not_active', 'management_rate_limited'] as const) {
      codes.add(code);
    }
    if (operation.access !== 'any token') codes.add('access_token_scope_missing');
  }
  if (wantsRole(operation)) codes.add('role_forbids');
  if (operation.body) {
    for (const code of ['body_too_large', 'unsupported_media_type', 'invalid_body'] as const) codes.add(code);
  }
  if (operation.rawBody) codes.add('unsupported_media_type');
  if (operation.method === 'POST' && wantsToken(operation)) {
    for (const code of ['invalid_header', 'request_in_progress', 'idempotency_key_reused'] as const) codes.add(code);
    if (operation.repeatable !== true) codes.add('outcome_unknown');
  }
  if (wantsToken(operation)) codes.add('invalid_header').add('precondition_failed');
  return [...codes];
}

const elsewhere: Partial<Record<RefusalCode, Pick<RefusalText, 'status' | 'title'>>> = {
  not_found: { status: 404, title: 'There is no such thing, or it is not yours' },
  missing_credential: { status: 401, title: 'API key missing' },
};

const STATUS_TEXTS: Record<number, string> = {
  400: 'The call cannot be understood.',
  401: 'There is no credential, or none that works.',
  403: 'The caller may not do this.',
  404: 'There is no such thing, or it is not yours.',
  409: 'It cannot be done in the present state.',
  412: 'It has changed since it was read.',
  413: 'The body is too large.',
  415: 'The body is not of a type that is taken here.',
  422: 'The call is understood, but a value in it is not right.',
  429: 'Too many calls; `Retry-After` says how long to wait.',
};

/** The responses that an operation may refuse with, by status. */
export function refusalsOf(operation: AnyOperation): Json {
  const byStatus = new Map<number, { code: RefusalCode; title: string }[]>();
  for (const code of refusalCodesOf(operation)) {
    const text = elsewhere[code] ?? (refusals as Record<string, RefusalText>)[code];
    if (text) byStatus.set(text.status, [...(byStatus.get(text.status) ?? []), { code, title: text.title }]);
  }
  const sorted = [...byStatus].sort(([one], [other]) => one - other);
  return Object.fromEntries(
    sorted.map(([status, refused]) => [
      String(status),
      {
        description: STATUS_TEXTS[status] ?? '',
        content: { 'application/problem+json': { schema: problemWith(refused) } },
      },
    ]),
  );
}

/** The codes are an enumeration, for programs and for readers. */
function problemWith(refused: readonly { code: RefusalCode; title: string }[]): Json {
  const description = refused.map(({ code, title }) => `- \`${code}\`: ${title}.`).join('\n');
  const code = { type: 'string', enum: refused.map((one) => one.code), description };
  return { allOf: [{ $ref: '#/components/schemas/Problem' }, { type: 'object', properties: { code } }] };
}

/**
 * Takes refusals that several operations have alike out of the paths, and returns them by the name by which the paths
 * refer to them now.
 */
export function shareResponses(paths: Record<string, Json>): Record<string, Json> {
  const uses = new Map<string, { status: string; places: Json[]; response: Json }>();
  for (const operation of Object.values(paths).flatMap((item) => Object.values(item) as { responses: Json }[])) {
    for (const [status, response] of Object.entries(operation.responses)) {
      const text = JSON.stringify(response);
      const known = uses.get(text);
      if (known) known.places.push(operation.responses);
      else uses.set(text, { status, places: [operation.responses], response: response as Json });
    }
  }
  const shared: Record<string, Json> = {};
  const numbers = new Map<string, number>();
  for (const { status, places, response } of uses.values()) {
    if (places.length === 1) continue;
    const number = (numbers.get(status) ?? 0) + 1;
    numbers.set(status, number);
    const name = `Refused${status}${number === 1 ? '' : `_${number}`}`;
    shared[name] = response;
    for (const responses of places) responses[status] = { $ref: `#/components/responses/${name}` };
  }
  return shared;
}

export const problemSchema = {
  type: 'object',
  description: 'Problem details (RFC 9457). Some have further members, such as `errors`.',
  required: ['type', 'title', 'status', 'detail', 'code'],
  properties: {
    type: { type: 'string', format: 'uri', description: 'Opens a page that explains it.' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'What was wrong with this call and what to do.' },
    code: { type: 'string', description: 'Stable; for programs.' },
    errors: {
      type: 'array',
      description:
        'Of `invalid_body`: each member that is not right, by its JSON pointer (RFC 6901). Of `invalid_document`: each mistake in the text, by its line and column, which count from 1.',
      items: {
        type: 'object',
        required: ['pointer', 'detail'],
        properties: {
          pointer: { type: 'string', examples: ['#/allowlist/0'] },
          line: { type: ['integer', 'null'] },
          column: { type: ['integer', 'null'] },
          detail: { type: 'string' },
        },
      },
    },
  },
};
