import { once } from 'node:events';
import {
  type IncomingMessage,
  type Server as HttpServer,
  type ServerResponse,
  createServer as createHttpServer,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, type Server, type Socket, createServer } from 'node:net';

export interface Received {
  headers: IncomingMessage['headers'];
  method: string;
  path: string;
  body: string;
}

export interface Receiver {
  url: string;
  port: number;
  received: Received[];
  /** Connections, with or without a request. */
  connections: number;
  close(): Promise<void>;
}

type Answer = (response: ServerResponse, count: number) => void;

/** A receiver of messages; by default it answers 204. */
export async function startReceiver(answer: Answer = (response) => response.writeHead(204).end()): Promise<Receiver> {
  const server = createHttpServer();
  return serve(server, 'http', answer);
}

/** The same with TLS. */
export async function startTlsReceiver(certificate: { key: string; cert: string }): Promise<Receiver> {
  return serve(createHttpsServer(certificate), 'https', (response) => response.writeHead(204).end());
}

async function serve(server: HttpServer, scheme: string, answer: Answer): Promise<Receiver> {
  const received: Received[] = [];
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      received.push({ headers: request.headers, method: request.method ?? '', path: request.url ?? '', body });
      answer(response, received.length);
    });
  });
  return listen(server, scheme, received);
}

/** What each hostile server does with a connection. */
export const hostile = {
  /** Takes the connection and says nothing. */
  hang: () => undefined,
  closeAtOnce: (socket: Socket) => socket.destroy(),
  garbage: (socket: Socket) => socket.write(Buffer.from(Array.from({ length: 4096 }, (_, at) => (at * 7919) % 256))),
  /** 10 MB that nobody asked for. */
  tenMegabytes: (socket: Socket) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10485760\r\n\r\n');
    pump(socket, Buffer.alloc(65_536, 'x'));
  },
  endlessHeaders: (socket: Socket) => {
    socket.write('HTTP/1.1 200 OK\r\n');
    pump(socket, Buffer.from(`X-More: ${'y'.repeat(4000)}\r\n`));
  },
  endlessInterim: (socket: Socket) => pump(socket, Buffer.from('HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n')),
  /** A byte now and then, so that no silence is long. */
  slowHeaders: (socket: Socket) => drip(socket, 'HTTP/1.1 200 OK\r\n', 'X'),
  slowBody: (socket: Socket) => drip(socket, 'HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n', 'z'),
  slowRefusal: (socket: Socket) => drip(socket, 'HTTP/1.1 500 No\r\nContent-Length: 100000\r\n\r\n', 'z'),
} as const;

export type Hostile = keyof typeof hostile;

export async function startHostile(name: Hostile, scheme = 'http'): Promise<Receiver> {
  return listen(
    createServer((socket) => {
      socket.on('error', () => undefined);
      hostile[name](socket);
    }),
    scheme,
    [],
  );
}

function pump(socket: Socket, part: Buffer): void {
  const more = (): void => {
    while (!socket.destroyed && socket.write(part));
  };
  socket.on('drain', more);
  more();
}

function drip(socket: Socket, start: string, byte: string): void {
  socket.write(start);
  const timer = setInterval(() => socket.write(byte), 100);
  socket.on('close', () => clearInterval(timer));
}

async function listen(server: Server, scheme: string, received: Received[]): Promise<Receiver> {
  const sockets = new Set<Socket>();
  const receiver = { url: '', port: 0, received, connections: 0 };
  server.on('connection', (socket: Socket) => {
    receiver.connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return Object.assign(receiver, {
    port,
    url: `${scheme}://127.0.0.1:${port}/hooks`,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}
