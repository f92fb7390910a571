import { Agent, request } from 'node:http';

export interface HttpRequest {
  method?: string;
  path: string;
  headers?: Readonly<Record<string, string>>;
  body?: string;
}

export interface HttpResponse {
  status: number;
  /** Names in lower case; one value per line that was sent. */
  headers: ReadonlyMap<string, readonly string[]>;
  body: string;
}

export interface HttpClient {
  /** Follows nothing, adds nothing but Host and Content-Length, and hides no header. */
  send(request: HttpRequest): Promise<HttpResponse>;
  close(): void;
}

const ANSWERED_WITHIN_MS = 15_000;

/**
 * Well-formed requests to a server of 127.0.0.1 over a few kept connections. Unlike `fetch` it may set Origin,
 * Sec-Fetch-Site and Cookie.
 * @param localAddress of 127.0.0.0/8, where requests come from
 */
export function createHttpClient(port: number, localAddress = '127.0.0.1'): HttpClient {
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  return {
    send: ({ method = 'GET', path, headers = {}, body }) =>
      new Promise((resolve, reject) => {
        const length = body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
        const options = { host: '127.0.0.1', port, localAddress, agent, method, path, timeout: ANSWERED_WITHIN_MS };
        const outgoing = request({ ...options, headers: { ...length, ...headers } }, (answer) => {
          const chunks: Buffer[] = [];
          answer.on('data', (chunk: Buffer) => chunks.push(chunk));
          answer.on('error', reject);
          answer.on('end', () =>
            resolve({
              status: answer.statusCode ?? 0,
              headers: byName(answer.rawHeaders),
              body: Buffer.concat(chunks).toString('utf8'),
            }),
          );
        });
        outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer to ${method} ${path}`)));
        outgoing.on('error', reject);
        outgoing.end(body);
      }),
    close: () => agent.destroy(),
  };
}

function byName(rawHeaders: readonly string[]): Map<string, string[]> {
  const headers = new Map<string, string[]>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]?.toLowerCase() ?? '';
    headers.set(name, [...(headers.get(name) ?? []), rawHeaders[index + 1] ?? '']);
  }
  return headers;
}
