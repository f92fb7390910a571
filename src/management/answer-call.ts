import type { RequestOrigin } from '../accounts/account.ts';
import type { Portal } from '../portal/portal.ts';
import type { Problem } from '../platform/problem.ts';
import { isStorageFault } from '../database/storage-fault.ts';
import { answerOnce } from './answer-once.ts';
import { authorise } from './authorise.ts';
import { refuseByRole } from './check-role.ts';
import { matchesWeakly, parseTags } from './entity-tag.ts';
import { performIfMatching } from './if-match.ts';
import { type Incoming, refusal } from './incoming.ts';
import { createRouter } from './match-route.ts';
import { type AnyOperation, type Call, type Caller, wantsToken } from './operation.ts';
import { operations } from './operations.ts';
import { readBody } from './read-body.ts';
import { notFoundProblem, problemOf } from './refusals.ts';
import { type Written, rateHeaders, toResponse, write } from './respond.ts';

const BASE = '/api/v1';
const match = createRouter(operations);

/** Answers one call: route, caller, query, body, then the operation; each step refuses what it does not know. */
export async function answerCall(portal: Portal, request: Request, origin: RequestOrigin): Promise<Response> {
  const requestId = portal.management.newRequestId();
  const incoming = { portal, request, origin, url: new URL(request.url), requestId };
  const found = match(request.method, incoming.url.pathname.slice(BASE.length));
  const { written, operationId, tokenId } =
    found.found === 'operation'
      ? await perform(incoming, found.operation, found.params).catch((error: unknown) => failed(incoming, error))
      : unrouted(incoming, found);
  portal.management.report({ requestId, operationId, status: written.status, tokenId });
  const named = { ...written, headers: { ...written.headers, 'Request-Id': requestId } };
  return toResponse(named, request.method);
}

interface Performed {
  written: Written;
  operationId: string;
  tokenId: string | null;
}

const BROKEN: Problem = {
  code: 'internal_error',
  status: 500,
  title: 'Something went wrong on our side',
  detail: 'The error was recorded. Try again in a moment; if it stays, tell the provider the Request-Id.',
};

const NOT_SAVED: Problem = {
  code: 'storage_unavailable',
  status: 503,
  title: 'Nothing can be saved just now',
  detail: 'The disk of the portal is full or cannot be written, and nothing was changed. Try again later.',
};

/** Whatever happens, programs get a problem, and the log the reason under the same id. */
function failed(incoming: Incoming, error: unknown): Performed {
  const { portal, requestId } = incoming;
  const known = { operationId: '', tokenId: null };
  const problem = isStorageFault(error) ? NOT_SAVED : BROKEN;
  portal.management.report({ requestId, status: problem.status, ...known }, error);
  return { written: refusal(incoming, null, problem), ...known };
}

function unrouted(
  incoming: Incoming,
  found: { found: 'path'; methods: readonly string[] } | { found: 'nothing' },
): Performed {
  const nowhere = { operationId: '', tokenId: null };
  if (found.found === 'nothing') {
    const problem = notFoundProblem('The management API has no such path. GET /api/v1/openapi.json lists all.');
    return { written: refusal(incoming, null, problem), ...nowhere };
  }
  const allow = found.methods.join(', ');
  const detail = `This path answers ${allow}.`;
  const problem = { code: 'method_not_allowed', status: 405, title: 'This method is not supported', detail };
  return { written: refusal(incoming, null, problem, { Allow: allow }), ...nowhere };
}

async function perform(
  incoming: Incoming,
  operation: AnyOperation,
  params: Record<string, string>,
): Promise<Performed> {
  const { operationId } = operation;
  const { portal, request, origin } = incoming;
  if (!wantsToken(operation)) {
    return { written: await answerChecked(incoming, operation, params, null), operationId, tokenId: null };
  }
  const authorised = await authorise(portal, operation, request, origin);
  const limits = rateHeaders(authorised.rate);
  if (!authorised.ok) {
    const written = refusal(incoming, operation, authorised.problem, { ...authorised.headers, ...limits });
    return { written, operationId, tokenId: null };
  }
  const written = await answerChecked(incoming, operation, params, authorised);
  const tokenId = authorised.caller.accessToken.id;
  return { written: { ...written, headers: { ...written.headers, ...limits } }, operationId, tokenId };
}

async function answerChecked(
  incoming: Incoming,
  operation: AnyOperation,
  params: Record<string, string>,
  authorised: { caller: Caller; token: string } | null,
): Promise<Written> {
  const { portal, request, origin, url, requestId } = incoming;
  const query = readQuery(operation, url.searchParams);
  if ('problem' in query) return refusal(incoming, operation, query.problem);
  const read = await readBody(operation, request);
  if (!read.ok) return refusal(incoming, operation, read.problem);
  const call: Call = {
    portal,
    origin,
    caller: () => {
      if (authorised) return authorised.caller;
      throw new Error(`${operation.operationId} wants no access token`);
    },
    params,
    query: query.value,
    body: read.body,
    bytes: read.bytes,
    headers: request.headers,
    requestId,
    nowMs: portal.nowMs(),
  };
  const forbidden = authorised && (await refuseByRole(operation, call));
  if (forbidden) return refusal(incoming, operation, forbidden);
  const work = async (one: Call): Promise<Written> =>
    write(await performIfMatching(operation, one), operation, portal.site.publicUrl, url);
  if (request.method === 'POST' && authorised) {
    return answerOnce({ incoming, operation, call, bodyText: read.text, ...authorised }, work);
  }
  return notModified(request, await work(call));
}

type ReadQuery = { value: object } | { problem: Problem };

/** The name as given is not repeated: a key in the query string would be written into somebody's log. */
function readQuery({ query }: AnyOperation, given: URLSearchParams): ReadQuery {
  const known = Object.keys(query.shape);
  const names = [...given.keys()];
  if (names.some((name) => !known.includes(name)) || new Set(names).size < names.length) {
    const detail =
      known.length === 0
        ? 'This operation takes no query parameters.'
        : `This operation takes ${known.join(', ')}, each at most once, and no other query parameter.`;
    return { problem: problemOf('invalid_parameter', detail) };
  }
  const parsed = query.safeParse(Object.fromEntries(given));
  return parsed.success
    ? { value: parsed.data }
    : { problem: problemOf('invalid_parameter', parsed.error.issues[0]?.message) };
}

/** 304 when the caller has what it would get (RFC 9110, 13.1.2). */
function notModified(request: Request, written: Written): Written {
  const header = request.headers.get('if-none-match');
  const tag = written.headers.ETag;
  if (header === null || tag === undefined || (request.method !== 'GET' && request.method !== 'HEAD')) return written;
  const tags = parseTags(header);
  if (tags === null || !matchesWeakly(tags, tag)) return written;
  return { status: 304, headers: { ETag: tag, 'Cache-Control': 'no-store' }, body: '' };
}
