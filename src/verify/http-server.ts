import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo, Server as NetServer } from 'node:net';

/** Connections that wait to be accepted: a burst of new gateways must queue, not fail. */
const BACKLOG = 4096;
const SHUTDOWN_GRACE_MS = 5_000;

export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * A server whose slow callers cannot hold it: headers within 10 s.
 * @param requestTimeoutMs for a whole request, its body included
 * @param mostlyEmpty nearly all requests have no body: one that has none is over at once, and nothing waits for its end.
 * It saves 2 of 15 µs; who hands requests on as streams cannot use it
 */
export function createHttpServer(handler: RequestHandler, requestTimeoutMs: number, mostlyEmpty = false): Server {
  return createServer(
    {
      optimizeEmptyRequests: mostlyEmpty,
      headersTimeout: 10_000,
      requestTimeout: requestTimeoutMs,
      connectionsCheckingInterval: 5_000,
      keepAliveTimeout: 75_000,
    },
    handler,
  );
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
