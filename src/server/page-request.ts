import type { IncomingMessage, ServerResponse } from 'node:http';

import type { RequestOrigin } from '../accounts/account.ts';
import type { Portal } from '../portal/portal.ts';
import type { IpAddress } from '../platform/ip-address.ts';
import { withRequestAddress } from '../platform/request-address.ts';
import { isApiPath } from './cross-origin.ts';
import { wantsPage } from './refuse.ts';

/** What pages find in `Astro.locals`. */
export interface PageLocals {
  portal: Portal;
  /** `address` is '' when it cannot be known; whatever depends on it must then refuse. */
  origin: RequestOrigin;
}

/** The handler that `astro build` exports; it calls `next` when no page has this address. */
export type AstroHandler = (
  request: IncomingMessage & { body?: Uint8Array },
  response: ServerResponse,
  next: (error?: unknown) => unknown,
  locals: PageLocals,
) => Promise<void>;

export interface CheckedRequest {
  path: string;
  address: IpAddress | null;
  body: Uint8Array | null;
}

const MAX_USER_AGENT_LENGTH = 256;

/** Headers in which somebody else claims what the address, method or path of a request is. */
const CLAIMS =
  /^(forwarded|x-forwarded-.*|x-real-ip|x-(http-)?method(-override)?|x-original-url|x-rewrite-url|x-astro-.*)$/;

/**
 * Lets Astro answer.
 * @returns false when no page has this address and the answer is still to be written
 */
export async function answerWithPage(
  parts: { portal: Portal; astroHandler: AstroHandler },
  request: IncomingMessage,
  response: ServerResponse,
  { path, address, body }: CheckedRequest,
): Promise<boolean> {
  const userAgent = (request.headers['user-agent'] ?? '').slice(0, MAX_USER_AGENT_LENGTH);
  const locals = { portal: parts.portal, origin: { address: address?.text ?? '', userAgent } };
  dropClaims(request, path);
  const readable = body ? Object.assign(request, { body }) : request;
  if (await isAnswered(parts.astroHandler, readable, response, locals)) return true;
  if (!wantsPage(request)) return false;
  request.url = '/404';
  return isAnswered(parts.astroHandler, readable, response, locals);
}

async function isAnswered(
  handler: AstroHandler,
  request: IncomingMessage,
  response: ServerResponse,
  locals: PageLocals,
): Promise<boolean> {
  let hasPage = true;
  const next = (error?: unknown): void => {
    if (error !== undefined) throw error instanceof Error ? error : new Error(JSON.stringify(error));
    hasPage = false;
  };
  await withRequestAddress(locals.origin.address, () => handler(request, response, next, locals));
  return hasPage;
}

/** The management API is authenticated by token only: a cookie must not even be there to be believed. */
function dropClaims(request: IncomingMessage, path: string): void {
  for (const name of Object.keys(request.headers)) {
    if (CLAIMS.test(name) || (name === 'cookie' && isApiPath(path))) Reflect.deleteProperty(request.headers, name);
  }
}
