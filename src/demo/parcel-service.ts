import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { type Clock, systemClock } from '../platform/clock.ts';
import { problem } from './demo-problem.ts';
import type { DemoAnswer, DemoRoute } from './demo-route.ts';
import { type ParcelState, createSampleState } from './parcel-state.ts';
import { parcelsV1 } from './parcels-v1.ts';
import { parcelsV2 } from './parcels-v2.ts';

export interface ParcelServiceOptions {
  /** 0 takes any free port. */
  port: number;
  /** Loopback by default: the service believes what the gateway says about the caller. */
  host?: string;
  clock?: Clock;
}

export interface ParcelService {
  port: number;
  close: () => Promise<void>;
}

const MAX_BODY_BYTES = 64 * 1024;
/** Applications remembered; the one that called first is forgotten first. */
const MAX_APPLICATIONS = 1000;

const versions: Readonly<Record<string, readonly DemoRoute[]>> = { v1: parcelsV1, v2: parcelsV2 };

/** Starts the demonstration API behind the gateway: every operation of both documents, in memory. */
export async function startParcelService({
  port,
  host = '127.0.0.1',
  clock = systemClock,
}: ParcelServiceOptions): Promise<ParcelService> {
  const states = new Map<string, ParcelState>();
  const server = createServer({ headersTimeout: 10_000, requestTimeout: 30_000 }, (request, response) => {
    const application = request.headers['gatehouse-application-id'];
    const state = stateOf(states, typeof application === 'string' ? application : '');
    answer(request, state, clock.nowMs()).then(
      (result) => send(response, result),
      () => response.destroy(),
    );
  });
  await listen(server, port, host);
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
}

function stateOf(states: Map<string, ParcelState>, applicationId: string): ParcelState {
  let state = states.get(applicationId);
  if (!state) {
    const [oldest] = states.keys();
    if (states.size >= MAX_APPLICATIONS && oldest !== undefined) states.delete(oldest);
    state = createSampleState();
    states.set(applicationId, state);
  }
  return state;
}

async function answer(request: IncomingMessage, state: ParcelState, nowMs: number): Promise<DemoAnswer> {
  const url = URL.parse(request.url ?? '/', 'http://upstream');
  const steps = decodePath(url?.pathname ?? '');
  if (!url || !steps) return problem(400, 'path_malformed', 'The path is not valid.');
  const [version = '', ...rest] = steps;
  const candidates = (versions[version] ?? []).flatMap((route) => {
    const parameters = matchPath(route.path, rest);
    return parameters ? [{ route, parameters }] : [];
  });
  if (candidates.length === 0) return problem(404, 'not_found', 'There is no such path.');
  const found = candidates.find(({ route }) => route.method === (request.method === 'HEAD' ? 'GET' : request.method));
  if (!found)
    return problem(405, 'method_not_allowed', `Use ${candidates.map(({ route }) => route.method).join(' or ')}.`);
  const body = await readBody(request);
  if (!body.ok) return body.answer;
  const parameter = (name: string): string => found.parameters.get(name) ?? '';
  return found.route.answer({ state, parameter, query: url.searchParams, body: body.value, nowMs });
}

/** Decoded steps of a path; null when an escape is malformed. */
function decodePath(path: string): string[] | null {
  try {
    return path.slice(1).split('/').map(decodeURIComponent);
  } catch {
    return null;
  }
}

function matchPath(template: string, steps: readonly string[]): Map<string, string> | null {
  const parts = template.slice(1).split('/');
  const parameters = new Map<string, string>();
  const fits = parts.every((part, index) => {
    const step = steps[index] ?? '';
    if (!part.startsWith('{')) return part === step;
    parameters.set(part.slice(1, -1), step);
    return step !== '';
  });
  return fits && parts.length === steps.length ? parameters : null;
}

type Body = { ok: true; value: unknown } | { ok: false; answer: DemoAnswer };

async function readBody(request: IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  if (size > MAX_BODY_BYTES) return { ok: false, answer: problem(413, 'body_too_large', 'Send 64 KiB at most.') };
  if (size === 0) return { ok: true, value: undefined };
  try {
    return { ok: true, value: JSON.parse(Buffer.concat(chunks).toString('utf8')) };
  } catch {
    return { ok: false, answer: problem(400, 'body_malformed', 'The body is not valid JSON.') };
  }
}

function send(response: ServerResponse, { status, body, contentType, location }: DemoAnswer): void {
  response.statusCode = status;
  response.setHeader('Cache-Control', 'no-store');
  if (location !== undefined) response.setHeader('Location', location);
  if (body === undefined) {
    response.end();
    return;
  }
  response.setHeader('Content-Type', contentType ?? 'application/json');
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}
