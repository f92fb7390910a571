import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Portal } from '../portal/portal.ts';
import { type ClientAddressResolver, createClientAddressResolver } from '../platform/client-address.ts';
import type { Config } from '../settings/config.ts';
import type { DurationHistogram } from '../platform/duration-histogram.ts';
import type { Log } from '../platform/log.ts';
import { systemRandom } from '../platform/random.ts';
import { isStorageFault } from '../database/storage-fault.ts';
import { type AnswerMemory, type Edition, createAnswerMemory } from './answer-memory.ts';
import { bodyLimitAt } from './body-limit.ts';
import { type Compress, createCompression } from './compression.ts';
import { limitConnections } from './connection-limit.ts';
import { guestPageName, isFirstPage } from './guest-page.ts';
import { type PortalOperations, answerOperations } from './operations.ts';
import { type AstroHandler, answerWithPage } from './page-request.ts';
import { sendRefusal } from './refuse.ts';
import type { RefusalCode } from './refusals.ts';
import { type BodyBudget, createBodyBudget, readBody } from './request-body.ts';
import { type RequestLog, createRequestLog } from './request-log.ts';
import { type RequestCheck, createRequestCheck } from './request-check.ts';
import { guardHeaders, securityHeaders } from './security-headers.ts';
import { type StaticFiles, createStaticFiles } from './static-files.ts';
import { refuseUnreadable } from './unreadable-request.ts';
import { type WholePages, createWholePages } from './whole-page.ts';

export interface FrontServerParts {
  config: Config;
  log: Log;
  portal: Portal;
  astroHandler: AstroHandler;
  /** Client files of the build; may be absent. */
  staticFolder: string;
  operations: PortalOperations;
  /** How long requests took, for its metrics. */
  durations: DurationHistogram;
  /** Of the pages that guests read. */
  edition: Edition;
}

export interface FrontServer {
  /** Resolves to the port; rejects with EADDRINUSE and the like. */
  listen(): Promise<number>;
  /** Ends when the requests in flight are answered, or cuts them off after `deadlineMs`. */
  close(deadlineMs: number): Promise<void>;
}

const CHANGES_NOTHING = new Set(['GET', 'HEAD', 'OPTIONS']);
const MAX_CONNECTIONS = 4000;
const MAX_CONNECTIONS_PER_ADDRESS = 256;
const MAX_BODY_BYTES_HELD = 64 * 1024 * 1024;

interface Front extends FrontServerParts {
  check: (request: IncomingMessage) => RequestCheck;
  resolver: ClientAddressResolver;
  budget: BodyBudget;
  serveFile: StaticFiles;
  requestLog: RequestLog;
  compress: Compress;
  pages: AnswerMemory;
  wholePages: WholePages;
}

/** The portal's own HTTP server: everything that must be right before a page sees a request. */
export function createFrontServer(parts: FrontServerParts): FrontServer {
  const resolver = createClientAddressResolver(parts.config.trustedProxies);
  const front: Front = {
    ...parts,
    check: createRequestCheck(parts.config),
    resolver,
    requestLog: createRequestLog({ ...parts, resolver, random: systemRandom }),
    budget: createBodyBudget(MAX_BODY_BYTES_HELD),
    serveFile: createStaticFiles(parts.staticFolder),
    compress: createCompression(),
    pages: createAnswerMemory({ edition: parts.edition, nameOf: guestPageName }),
    wholePages: createWholePages(parts.staticFolder),
  };
  const server = createServer({
    headersTimeout: 10_000,
    requestTimeout: 30_000,
    connectionsCheckingInterval: 5_000,
    keepAliveTimeout: 10_000,
    // A missing Host is answered by our own check, with our headers.
    requireHostHeader: false,
  });
  server.maxConnections = MAX_CONNECTIONS;
  // Node drops what is over its limit silently; the size limit holds anyway, and the check counts.
  server.maxHeadersCount = 0;
  limitConnections(server, front.resolver, MAX_CONNECTIONS_PER_ADDRESS);
  refuseUnreadable(server, parts.config);
  const handle = (request: IncomingMessage, response: ServerResponse): void => void answer(front, request, response);
  server.on('request', handle).on('checkContinue', handle);
  return { listen: () => listen(server, parts.config), close: (deadlineMs) => close(server, deadlineMs) };
}

/** Never rejects: whatever happens, this one request gets an error and the others go on. */
async function answer(front: Front, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const requestId = front.requestLog(request, response);
  try {
    await answerInOrder(front, request, response);
  } catch (error) {
    front.log.error(
      { error: error instanceof Error ? error.stack : String(error), requestId, method: request.method },
      'request failed',
    );
    if (response.headersSent) response.destroy();
    else sendRefusal(request, response, isStorageFault(error) ? 'storage_unavailable' : 'internal_error', front.config);
  }
}

async function answerInOrder(front: Front, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const check = front.check(request);
  const isFirst = isFirstPage(request);
  const styleHashes = isFirst ? front.wholePages.styleHashes : [];
  const guard = guardHeaders(response, securityHeaders(check.ok ? check.path : '', front.config, styleHashes));
  const refuse = (code: RefusalCode): void => sendRefusal(request, response, code, front.config);
  if (!check.ok) {
    refuse(check.code);
    return;
  }
  if (front.config.readOnlyFolder !== null && !CHANGES_NOTHING.has(request.method ?? '')) {
    refuse('storage_unavailable');
    return;
  }
  if (request.headers.expect !== undefined) response.writeContinue();
  const read = await readBody(request, front.budget, bodyLimitAt(check.path, front.config.documentMaxBytes));
  if (!read.ok) {
    if (read.reason !== 'connection_lost') refuse(read.reason);
    return;
  }
  const { body } = read;
  if (body) response.once('close', () => front.budget.giveBack(body.length));
  const operated = await answerOperations(front.operations, check.path, request, response);
  if (operated === 'answered') return;
  if (operated !== 'elsewhere') {
    refuse(operated);
    return;
  }
  if (front.serveFile(request, response)) return;
  if (front.pages.answer(request, response)) return;
  if (request.headers.cookie !== undefined) guard.makePrivate();
  front.compress(request, response);
  if (isFirst) front.wholePages.makeWhole(response);
  const address = front.resolver.resolve(request.socket.remoteAddress, request.headers['x-forwarded-for']?.toString());
  const isAnswered = await answerWithPage(front, request, response, { path: check.path, address, body });
  if (!isAnswered) refuse('not_found');
}

function listen(server: Server, { host, port }: Config): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen({ host, port, backlog: 1024 }, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function close(server: Server, deadlineMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), deadlineMs);
    // A connection that was busy when we began to close is closed as soon as its answer is out.
    server.prependListener('request', (_request, response: ServerResponse) =>
      response.setHeader('Connection', 'close'),
    );
    const sweep = setInterval(() => server.closeIdleConnections(), 50);
    server.close(() => {
      clearTimeout(timer);
      clearInterval(sweep);
      resolve();
    });
  });
}
