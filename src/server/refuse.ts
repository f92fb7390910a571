import { type IncomingMessage, STATUS_CODES, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

import { PROBLEM_MEDIA_TYPE, type Problem, problemBody } from '../platform/problem.ts';
import { isApiPath } from './cross-origin.ts';
import { errorPage } from './error-page.ts';
import { ALLOWED_METHODS, type RefusalCode, methodsAt, refusals } from './refusals.ts';
import { hasBody } from './request-body.ts';
import { type Origins, securityHeaders } from './security-headers.ts';

/** How long the rest of a refused body is read and thrown away, so that its sender gets to see the answer. */
const LINGER_MS = 500;
const RETRY_AFTER_SECONDS: Partial<Record<RefusalCode, string>> = { overloaded: '1', storage_unavailable: '60' };

/** Answers with a page for people, with problem details (RFC 9457) for programs. */
export function sendRefusal(
  request: IncomingMessage,
  response: ServerResponse,
  code: RefusalCode,
  origins: Origins,
): void {
  const problem: Problem = refusals[code];
  const page = wantsPage(request);
  const body = page ? errorPage(problem, origins.publicUrl) : problemText(problem, origins);
  response.statusCode = problem.status;
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('Content-Type', page ? 'text/html; charset=utf-8' : PROBLEM_MEDIA_TYPE);
  response.setHeader('Content-Length', Buffer.byteLength(body));
  if (code === 'method_not_allowed') response.setHeader('Allow', methodsAt(pathOf(request)).join(', '));
  const retryAfter = RETRY_AFTER_SECONDS[code];
  if (retryAfter !== undefined) response.setHeader('Retry-After', retryAfter);
  // After what could not be agreed on, the next bytes must not be taken for a request.
  if (code !== 'not_found') response.setHeader('Connection', 'close');
  if (!hasBody(request) || request.readableEnded) {
    response.end(body);
    return;
  }
  // Closing with unread bytes resets the connection, and the answer is lost with it.
  response.setHeader('Connection', 'close');
  response.write(body);
  const end = (): void => {
    clearTimeout(timer);
    response.end();
  };
  const timer = setTimeout(end, LINGER_MS);
  request.once('end', end).once('close', end).resume();
}

/** The same for what Node's parser cannot read: there is a socket, but no request. */
export function refuseSocket(socket: Duplex, code: RefusalCode, origins: Origins): void {
  const problem: Problem = refusals[code];
  const body = problemText(problem, origins);
  const headers = {
    ...securityHeaders('', origins),
    'Cache-Control': 'no-store',
    'Content-Type': PROBLEM_MEDIA_TYPE,
    'Content-Length': String(Buffer.byteLength(body)),
    Connection: 'close',
    ...(code === 'method_not_allowed' && { Allow: ALLOWED_METHODS.join(', ') }),
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const head = [`HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}`, ...lines].join('\r\n');
  socket.end(`${head}\r\n\r\n${body}`, () => socket.destroy());
}

/** True for a browser that asks for a page; everything else gets problem details. */
export function wantsPage(request: IncomingMessage): boolean {
  return (request.headers.accept?.includes('text/html') ?? false) && !isApiPath(pathOf(request));
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '').split('?', 1)[0] ?? '';
}

function problemText(problem: Problem, origins: Origins): string {
  return JSON.stringify(problemBody(problem, origins.publicUrl));
}
