import { connect } from 'node:net';

/** A server that neither answers nor closes within this time has failed the test. */
const CLOSED_WITHIN_MS = 15_000;

export interface RawResponse {
  status: number;
  /** Names in lower case; one value per line that was sent. */
  headers: ReadonlyMap<string, readonly string[]>;
  body: string;
}

export interface RawRequest {
  method?: string;
  /** Sent as it stands, so that `//a/../b` stays what it is. */
  target: string;
  /** In this order; a name may occur twice. `Connection: close` is added, `Host` is not. */
  headers: readonly (readonly [name: string, value: string])[];
  body?: string;
}

/** The bytes of a request, also of one that no HTTP client would send. */
export function formatRequest({ method = 'GET', target, headers, body = '' }: RawRequest): string {
  const lines = [...headers, ['Connection', 'close'] as const].map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n${body}`;
}

/** Sends bytes and returns everything that comes back until the server closes, as Latin-1. */
export function sendRaw(port: number, bytes: string | Uint8Array): Promise<string> {
  return new Promise((resolve, reject) => {
    const received: Buffer[] = [];
    const text = (): string => Buffer.concat(received).toString('latin1');
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.setTimeout(CLOSED_WITHIN_MS, () =>
      socket.destroy(new Error(`the server did not close; it sent: ${text()}`)),
    );
    socket.on('data', (data) => received.push(data));
    socket.on('error', (error) => {
      // A server may reset the connection once it has refused; what it said before counts.
      if (received.length > 0 && 'code' in error && error.code === 'ECONNRESET') resolve(text());
      else reject(error);
    });
    socket.on('close', () => resolve(text()));
  });
}

/** Sends one request as it stands and reads the one response. */
export async function requestRaw(port: number, request: RawRequest): Promise<RawResponse> {
  return parseResponse(await sendRaw(port, formatRequest(request)));
}

/** Reads the first response in what a server sent. */
export function parseResponse(raw: string): RawResponse {
  const [head = '', ...rest] = raw.split('\r\n\r\n');
  const [statusLine = '', ...lines] = head.split('\r\n');
  const headers = new Map<string, string[]>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    headers.set(name, [...(headers.get(name) ?? []), line.slice(colon + 1).trim()]);
  }
  const body = rest.join('\r\n\r\n');
  const isChunked = headers.get('transfer-encoding')?.includes('chunked') ?? false;
  return { status: Number(statusLine.split(' ')[1]), headers, body: isChunked ? joinChunks(body) : body };
}

function joinChunks(body: string): string {
  const [sizeLine = '0'] = body.split('\r\n', 1);
  const size = Number.parseInt(sizeLine, 16);
  const start = sizeLine.length + 2;
  return size > 0 ? body.slice(start, start + size) + joinChunks(body.slice(start + size + 2)) : '';
}
