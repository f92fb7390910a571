import type { APIRoute } from 'astro';

import type { Portal } from '../../composition/portal.ts';
import { PROBLEM_MEDIA_TYPE, type Problem, problemBody } from '../../platform/problem.ts';

/** One call of the management API. */
export interface ApiCall {
  portal: Portal;
  /** A parameter of the path. */
  parameter: (name: string) => string;
  /** A query parameter; undefined when it was not given. */
  query: (name: string) => string | undefined;
  headers: Headers;
}

export type ApiAnswer =
  | { ok: true; /** JSON, or a value to write as JSON. */ body: string | object; isPrivate?: true }
  | { ok: false; problem: Problem; headers?: Readonly<Record<string, string>> };

/** A read-only operation with these query parameters and no others, each at most once. */
export function apiRoute(
  queryParameters: readonly string[],
  answer: (call: ApiCall) => Promise<ApiAnswer> | ApiAnswer,
): APIRoute {
  return async ({ request, params, url, locals: { portal } }) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return toResponse(methodNotAllowed, portal);
    if (!isStrict(url.searchParams, queryParameters)) return toResponse(unknownParameter(queryParameters), portal);
    const result = await answer({
      portal,
      parameter: (name) => params[name] ?? '',
      query: (name) => url.searchParams.get(name) ?? undefined,
      headers: request.headers,
    });
    return toResponse(result, portal);
  };
}

function isStrict(query: URLSearchParams, known: readonly string[]): boolean {
  const names = [...query.keys()];
  return names.every((name) => known.includes(name)) && new Set(names).size === names.length;
}

const methodNotAllowed: ApiAnswer = {
  ok: false,
  problem: {
    code: 'method_not_allowed',
    status: 405,
    title: 'This method is not supported',
    detail: 'This operation only reads: use GET or HEAD.',
  },
  headers: { Allow: 'GET, HEAD' },
};

/** The name as given is not repeated: a key in the query string would be written into somebody's log. */
function unknownParameter(known: readonly string[]): ApiAnswer {
  const detail =
    known.length === 0
      ? 'This operation takes no query parameters.'
      : `This operation takes ${known.join(', ')}, each at most once, and no other query parameter.`;
  return invalidParameter(detail);
}

export function invalidParameter(detail: string): ApiAnswer {
  return {
    ok: false,
    problem: { code: 'invalid_parameter', status: 400, title: 'A query parameter is not right', detail },
  };
}

export function notFound(detail: string): ApiAnswer {
  return { ok: false, problem: { code: 'not_found', status: 404, title: 'There is nothing at this address', detail } };
}

export function toResponse(answer: ApiAnswer, portal: Portal): Response {
  if (!answer.ok) {
    const { problem, headers } = answer;
    return new Response(JSON.stringify(problemBody(problem, portal.site.publicUrl)), {
      status: problem.status,
      headers: { 'Content-Type': PROBLEM_MEDIA_TYPE, 'Cache-Control': 'no-store', ...headers },
    });
  }
  return new Response(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body), {
    headers: {
      'Content-Type': 'application/json; charset=utf-8',
      'Cache-Control': answer.isPrivate ? 'no-store' : 'public, max-age=60',
    },
  });
}
