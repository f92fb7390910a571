import { type IncomingMessage, type ServerResponse, createServer, request } from 'node:http';

import { closeServer, listen } from '../../src/verify/http-server.ts';
import type { GatewayProgram } from './programs.ts';

/**
 * Proxies that Debian does not have, played by their documented contract: they read the configuration file that the
 * guide shows, refuse options they do not know, and speak to the verifier and the service exactly as documented.
 */
export interface Line {
  name: string;
  value: string;
}

export interface RawAnswer {
  status: number;
  lines: readonly Line[];
  body: Buffer;
}

export interface RawCall {
  method: string;
  /** Raw path and query. */
  target: string;
  lines: readonly Line[];
  body: Buffer;
}

/** Starts a proxy that answers each call with what `handle` says. */
export async function startDocumentedProxy(
  handle: (call: RawCall, peer: string) => Promise<RawAnswer>,
): Promise<GatewayProgram> {
  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const call = await readCall(incoming);
    const { status, lines, body } = await handle(call, incoming.socket.remoteAddress ?? '').catch(() => ({
      status: 500,
      lines: [],
      body: Buffer.alloc(0),
    }));
    outgoing.writeHead(status, flat(withoutFraming(lines)));
    outgoing.end(body);
  };
  const server = createServer((incoming, outgoing) => void answer(incoming, outgoing));
  const port = await listen(server, '127.0.0.1', 0);
  return { port, stop: () => closeServer(server) };
}

/** Sends a call with exactly these lines, and a Content-Length. */
export function send(port: number, { method, target, lines, body }: RawCall): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const headers = flat([
      ...(lines.some(({ name }) => name.toLowerCase() === 'host') ? [] : [{ name: 'Host', value: 'proxy.test' }]),
      ...withoutFraming(lines),
      { name: 'Content-Length', value: String(body.length) },
    ]);
    const outgoing = request({ host: '127.0.0.1', port, method, path: target, headers, agent: false }, (incoming) => {
      readBody(incoming).then(
        (answer) => resolve({ status: incoming.statusCode ?? 0, lines: linesOf(incoming.rawHeaders), body: answer }),
        reject,
      );
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

async function readCall(incoming: IncomingMessage): Promise<RawCall> {
  const { method = '', url = '', rawHeaders } = incoming;
  return { method, target: url, lines: linesOf(rawHeaders), body: await readBody(incoming) };
}

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function linesOf(rawHeaders: readonly string[]): Line[] {
  return Array.from({ length: rawHeaders.length / 2 }, (_, index) => ({
    name: rawHeaders[2 * index] ?? '',
    value: rawHeaders[2 * index + 1] ?? '',
  }));
}

function withoutFraming(lines: readonly Line[]): Line[] {
  return lines.filter(({ name }) => !/^(content-length|transfer-encoding|connection|keep-alive)$/i.test(name));
}

function flat(lines: readonly Line[]): string[] {
  return lines.flatMap(({ name, value }) => [name, value]);
}
