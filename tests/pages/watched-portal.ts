import { join } from 'node:path';

import { type HttpClient, type HttpRequest, type HttpResponse, createHttpClient } from '../support/http-request.ts';
import { type PortalProcess, startPortalProcess } from '../support/portal-process.ts';
import { type StateReader, openStateReader } from '../support/portal-state.ts';
import { headerFaults } from './header-faults.ts';

/** A request with, perhaps, the session of somebody. */
export interface PortalRequest extends HttpRequest {
  /** Value of the session cookie. */
  session?: string | null;
  /** Sent as bearer. */
  apiKey?: string | null;
  /** Sent as application/x-www-form-urlencoded from a page of the portal. */
  form?: Readonly<Record<string, string>> | undefined;
}

/** The running product, with everything that every single answer must have checked on every answer. */
export interface WatchedPortal {
  process: PortalProcess;
  state: StateReader;
  send(request: PortalRequest): Promise<HttpResponse>;
  /** Answers so far: how many, what was wrong with their headers, and which of them held each API key. */
  seen: { answers: number; headerFaults: Set<string>; tokens: Map<string, string[]> };
  /** From another address of this machine, so that its failed sign-ins count apart. */
  from(localAddress: string): Pick<WatchedPortal, 'send'>;
  stop(): Promise<void>;
}

/** API keys with the default prefix, anywhere in an answer. */
const TOKEN = /gth_(?:live|test|pat)_[0-9A-Za-z]{36}/g;

/** @param database on PostgreSQL; else on SQLite files of its own */
export async function startWatchedPortal(database: { DATABASE_URL?: string } = {}): Promise<WatchedPortal> {
  // Webhooks of this machine, so that none calls anybody.
  const process = await startPortalProcess({ WEBHOOK_ALLOW_PRIVATE: 'yes', ...database });
  const state = await openStateReader(database.DATABASE_URL ?? `sqlite:${join(process.dataDir, 'portal.sqlite')}`);
  const seen: WatchedPortal['seen'] = {
    answers: 0,
    headerFaults: new Set(),
    tokens: new Map(),
  };
  const devices = new Map<string, string>();
  const clients: HttpClient[] = [];
  const sender = (localAddress: string): WatchedPortal['send'] => {
    const client = createHttpClient(process.portalPort, localAddress);
    clients.push(client);
    return async (request) => {
      const answer = await client.send(withForm(request, process.portalUrl, devices));
      keepDevice(devices, request, answer);
      watch(seen, request, answer);
      return answer;
    };
  };
  return {
    process,
    state,
    seen,
    send: sender('127.0.0.1'),
    from: (localAddress) => ({ send: sender(localAddress) }),
    stop: async () => {
      for (const client of clients) client.close();
      await state.close();
      await process.stop();
    },
  };
}

/** As a browser does, each session keeps the cookie by which the portal knows the device again. */
function keepDevice(devices: Map<string, string>, { session }: PortalRequest, { headers }: HttpResponse): void {
  const device = headers.get('set-cookie')?.find((cookie) => cookie.startsWith('gatehouse-device='));
  if (session != null && device !== undefined) devices.set(session, device.split(';', 1)[0] ?? '');
}

function withForm(
  { session, apiKey, form, ...request }: PortalRequest,
  portalUrl: string,
  devices: ReadonlyMap<string, string>,
): HttpRequest {
  const cookies = session == null ? [] : [`gatehouse=${session}`, devices.get(session) ?? []].flat();
  const headers = {
    Accept: 'text/html',
    ...(cookies.length > 0 && { Cookie: cookies.join('; ') }),
    ...(apiKey == null ? {} : { Authorization: `Bearer ${apiKey}` }),
    ...(form && { Origin: portalUrl, 'Content-Type': 'application/x-www-form-urlencoded' }),
    ...request.headers,
  };
  const body = form && { body: new URLSearchParams(form).toString() };
  return { method: form ? 'POST' : 'GET', ...request, ...body, headers };
}

function watch(seen: WatchedPortal['seen'], request: PortalRequest, answer: HttpResponse): void {
  const name = `${request.method ?? (request.form ? 'POST' : 'GET')} ${request.path}`;
  seen.answers += 1;
  for (const fault of headerFaults(answer, request)) seen.headerFaults.add(`${name} ${answer.status}: ${fault}`);
  const text = [...answer.headers.values()].flat().join('\n') + answer.body;
  for (const token of new Set(text.match(TOKEN))) seen.tokens.set(token, [...(seen.tokens.get(token) ?? []), name]);
}
