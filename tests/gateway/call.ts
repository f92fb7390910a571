import { type IncomingHttpHeaders, type Server, createServer, request } from 'node:http';

import { listen } from '../../src/verify/http-server.ts';

export interface CallOptions {
  method?: string;
  /** Raw, sent as it is. */
  path: string;
  /** A list of names and values sends lines twice, or in odd spellings. */
  headers?: Record<string, string> | string[];
  body?: string;
  /** Own address, such as 127.0.0.2. */
  from?: string;
}

export interface CallAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  json(): Record<string, unknown>;
}

/** One call over a connection of its own. */
export function call(port: number, options: CallOptions): Promise<CallAnswer> {
  const { method = 'GET', path, headers = {}, body, from = '127.0.0.1' } = options;
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { host: '127.0.0.1', port, method, path, headers, localAddress: from, agent: false },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            text,
            json: () => JSON.parse(text) as Record<string, unknown>,
          });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** What an upstream saw of a call. */
export interface Seen {
  method: string;
  url: string;
  /** Names in lower case; every line, in order. */
  headers: [name: string, value: string][];
  body: string;
}

export interface Upstream {
  port: number;
  server: Server;
  /** Calls that reached it, oldest first. */
  seen: Seen[];
  close(): Promise<void>;
}

/** A service that answers every call with what it saw. */
export async function startUpstream(): Promise<Upstream> {
  const seen: Seen[] = [];
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const { method = '', url = '', rawHeaders } = incoming;
      const headers = Array.from({ length: rawHeaders.length / 2 }, (_, index): [string, string] => [
        (rawHeaders[2 * index] ?? '').toLowerCase(),
        rawHeaders[2 * index + 1] ?? '',
      ]);
      const one = { method, url, headers, body: Buffer.concat(chunks).toString('utf8') };
      seen.push(one);
      outgoing.writeHead(200, { 'Content-Type': 'application/json', RateLimit: 'of the upstream' });
      outgoing.end(JSON.stringify(one));
    });
  });
  const port = await listen(server, '127.0.0.1', 0);
  return {
    port,
    server,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** All values that the upstream saw of headers whose name reads like this one. */
export function valuesLike(seen: Seen, name: string): string[] {
  const plain = (text: string): string => text.toLowerCase().replaceAll(/[^a-z]/g, '');
  return seen.headers.filter(([found]) => plain(found) === plain(name)).map(([, value]) => value);
}
