import type { Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

import { refuseSocket, sendRefusal } from './refuse.ts';
import type { RefusalCode } from './refusals.ts';
import { type Origins, guardHeaders, securityHeaders } from './security-headers.ts';

/** Codes of Node's HTTP parser; everything else is a request that is simply broken. */
const CODES: Readonly<Record<string, RefusalCode>> = {
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  HPE_INVALID_METHOD: 'method_not_allowed',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'content_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
};

/** Answers what never becomes a request for pages, so that these answers, too, have our headers and say what was wrong. */
export function refuseUnreadable(server: Server, origins: Origins): void {
  const latestAnswers = new WeakMap<Duplex, ServerResponse>();
  server.on('request', (request, response) => latestAnswers.set(request.socket, response));
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const latest = latestAnswers.get(socket);
    const isMidAnswer = latest !== undefined && latest.headersSent && !latest.writableFinished;
    if (isMidAnswer || error.code === 'ECONNRESET' || !socket.writable) socket.destroy();
    else refuseSocket(socket, CODES[error.code ?? ''] ?? 'bad_request', origins);
  });
  server.on('connect', (_request, socket) => refuseSocket(socket, 'method_not_allowed', origins));
  server.on('checkExpectation', (request, response) => {
    guardHeaders(response, securityHeaders('', origins));
    sendRefusal(request, response, 'expectation_failed', origins);
  });
}
