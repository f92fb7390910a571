import type { Problem } from '../platform/problem.ts';
import { isApiPath } from './cross-origin.ts';

/** Most bytes of a request body. */
export const MAX_BODY_BYTES = 1024 * 1024;

/** Pages have links and forms; only the management API uses the other methods. */
const PAGE_METHODS: readonly string[] = ['GET', 'HEAD', 'POST'];
export const ALLOWED_METHODS: readonly string[] = [...PAGE_METHODS, 'PUT', 'PATCH', 'DELETE'];

export function methodsAt(path: string): readonly string[] {
  return isApiPath(path) ? ALLOWED_METHODS : PAGE_METHODS;
}

/** Everything the front server may answer before a page sees the request. */
export const refusals = {
  bad_request: problem(
    'bad_request',
    400,
    'This request cannot be read',
    'The request is not well-formed HTTP, or its address can be read in more than one way. Check the address and send it again.',
  ),
  duplicate_header: problem(
    'duplicate_header',
    400,
    'A header was sent twice',
    'A header that may appear once appears more than once. Send it once.',
  ),
  cross_origin: problem(
    'cross_origin',
    403,
    'This request came from another site',
    'Changes are accepted only from pages of this portal. Open the portal, and send the form from there.',
  ),
  too_much_to_compare: problem(
    'too_much_to_compare',
    503,
    'These documents are too much to compare here',
    'Comparing them took more time or memory than one comparison may. Load both documents, and compare them on your machine with the command gatehouse diff.',
  ),
  not_found: problem(
    'not_found',
    404,
    'There is nothing at this address',
    'The page may have moved, or the address has a typing error. Start from the home page.',
  ),
  metrics_token_missing: problem(
    'metrics_token_missing',
    401,
    'Metrics need a token',
    'Send METRICS_TOKEN as Authorization: Bearer.',
  ),
  method_not_allowed: problem(
    'method_not_allowed',
    405,
    'This method is not supported',
    `Pages answer ${PAGE_METHODS.join(', ')}, the management API ${ALLOWED_METHODS.join(', ')}.`,
  ),
  request_timeout: problem(
    'request_timeout',
    408,
    'The request took too long to arrive',
    'The whole request must arrive within 30 seconds. Send it again.',
  ),
  content_too_large: problem(
    'content_too_large',
    413,
    'This request is too large',
    'The body of a request may have 1 MiB at most, an OpenAPI document as much as DOCUMENT_MAX_MIB says. Send less at once.',
  ),
  unsupported_content_encoding: problem(
    'unsupported_content_encoding',
    415,
    'Compressed requests are not accepted',
    'Send the body as it is, without Content-Encoding.',
  ),
  expectation_failed: problem(
    'expectation_failed',
    417,
    'This expectation cannot be met',
    'The only Expect header the portal understands is 100-continue. Leave it out.',
  ),
  misdirected_request: problem(
    'misdirected_request',
    421,
    'This is not the address of the portal',
    'The portal does not answer under the host name you used. Use the address that the provider published.',
  ),
  headers_too_large: problem(
    'headers_too_large',
    431,
    'The headers of this request are too large',
    'Send fewer or shorter headers; deleting the cookies of this site may help.',
  ),
  internal_error: problem(
    'internal_error',
    500,
    'Something went wrong on our side',
    'The error was recorded. Try again in a moment; if it stays, tell the provider when it happened.',
  ),
  storage_unavailable: problem(
    'storage_unavailable',
    503,
    'Nothing can be saved just now',
    'The disk of the portal is full or cannot be written, and what you sent was not saved. Reading works, and so do calls with keys. Try again later.',
  ),
  overloaded: problem('overloaded', 503, 'The portal is busy', 'Too much is arriving at once. Try again in a second.'),
} as const satisfies Record<string, Problem>;

export type RefusalCode = keyof typeof refusals;

function problem(code: string, status: number, title: string, detail: string): Problem {
  return { code, status, title, detail };
}
