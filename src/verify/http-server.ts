import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo, Server as NetServer, Socket } from 'node:net';

/** Connections that wait to be accepted: a burst of new gateways must queue, not fail. */
const BACKLOG = 4096;
const SHUTDOWN_GRACE_MS = 5_000;
/** Longer than gateways keep a connection that they do not use, so that they are the ones who close it. */
const IDLE_MS = 75_000;
/** Value of the header that tells a program how long it may keep a connection. */
export const KEEP_ALIVE = `timeout=${IDLE_MS / 1000}`;

export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * A server whose slow callers cannot hold it: headers within 10 s.
 * @param requestTimeoutMs for a whole request, its body included
 */
export function createHttpServer(handler: RequestHandler, requestTimeoutMs: number): Server {
  return createServer({ ...timeouts(requestTimeoutMs), keepAliveTimeout: IDLE_MS }, handler);
}

/**
 * The same for requests that nearly all have no body and are answered in microseconds. One without a body is over at once,
 * and nothing waits for its end, which saves 2 of 15 µs; who hands requests on as streams cannot use it. Idle connections
 * are looked for now and then, instead of with two timers for every answer, which saves 0.3.
 */
export function createQuickHttpServer(handler: RequestHandler, requestTimeoutMs: number, idleMs = IDLE_MS): Server {
  const options = { ...timeouts(requestTimeoutMs), optimizeEmptyRequests: true, keepAliveTimeout: 0 };
  return closeIdleConnections(createServer(options, handler), idleMs);
}

function timeouts(requestTimeoutMs: number) {
  return { headersTimeout: 10_000, requestTimeout: requestTimeoutMs, connectionsCheckingInterval: 5_000 };
}

/** Closes connections on which nothing came for `idleMs` to twice as long. */
function closeIdleConnections(server: Server, idleMs: number): Server {
  const received = new Map<Socket, number>();
  const look = (): void => {
    for (const [socket, bytes] of received) {
      if (socket.bytesRead === bytes) socket.destroy();
      else received.set(socket, socket.bytesRead);
    }
  };
  const timer = setInterval(look, idleMs).unref();
  server.on('connection', (socket) => {
    received.set(socket, -1);
    socket.once('close', () => received.delete(socket));
  });
  server.on('close', () => clearInterval(timer));
  return server;
}

/**
 * Listens and returns the port, which is a free one when 0 was asked for.
 * @param sharesPort other servers listen there too, and the system gives each connection to one of them (`SO_REUSEPORT`)
 */
export function listen(server: NetServer, host: string, port: number, sharesPort = false): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, backlog: BACKLOG, reusePort: sharesPort }, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** Accepts nothing new, lets calls under way finish for 5 s, then closes. */
export async function closeServer(server: Server): Promise<void> {
  const deadline = setTimeout(() => server.closeAllConnections(), SHUTDOWN_GRACE_MS);
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
  clearTimeout(deadline);
}
