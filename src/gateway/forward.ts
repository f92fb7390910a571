import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';

import { createProxyServer } from 'httpxy';

import type { IpAddress } from '../platform/ip-address.ts';
import type { Problem } from '../platform/problem.ts';
import type { CostReports } from '../verify/cost-reports.ts';
import type { RouteVersion } from '../verify/route-table.ts';
import type { Allowed } from '../verify/verdict.ts';
import { identityHeaders } from '../verify/verdict-headers.ts';
import { writeProblem } from '../verify/write-problem.ts';
import { readUpstreamCost } from './upstream-cost.ts';

export interface ForwardDeps {
  publicUrl: string;
  gatewayPublicUrl: string;
  upstreamTimeoutMs: number;
  costs: CostReports;
  onError: (error: unknown) => void;
}

/** A call that passed. */
export interface Passed {
  verdict: Allowed;
  route: RouteVersion;
  address: IpAddress | null;
  /** Flat list for the answer; they replace the upstream's of the same name. */
  responseHeaders: readonly string[];
}

export type Forward = (request: IncomingMessage, response: ServerResponse, passed: Passed) => void;

/** Meant for one connection only (RFC 9110, 7.6.1), besides those that `Connection` names. */
const HOP_BY_HOP = [
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'upgrade',
];
/** What only a gateway may say about a caller, or what proves the caller to the gateway alone. */
const WITHHELD = /^(authorization|x-api-key|expect|forwarded|x-real-ip|x-forwarded-.*|gatehouse-.*)$/;

export function createForwarder(deps: ForwardDeps): Forward {
  const { publicUrl, gatewayPublicUrl, upstreamTimeoutMs, costs, onError } = deps;
  const { host, protocol } = new URL(gatewayPublicUrl);
  const proxy = createProxyServer({ changeOrigin: true, proxyTimeout: upstreamTimeoutMs });
  const passes = new WeakMap<IncomingMessage, Passed>();
  const timedOut = new WeakSet<IncomingMessage>();
  proxy.on('proxyReq', (upstreamRequest, request) => upstreamRequest.once('timeout', () => timedOut.add(request)));
  proxy.on('proxyRes', (upstreamResponse, request) => {
    const passed = passes.get(request);
    if (passed) readUpstreamCost(upstreamResponse, passed.verdict, { costs, onError });
    upstreamResponse.headers = answerHeaders(upstreamResponse.headers, passed?.responseHeaders ?? []);
  });
  // A caller that went away needs no answer.
  proxy.on('econnreset', () => undefined);

  function failed(request: IncomingMessage, response: ServerResponse, passed: Passed, error: unknown): void {
    onError(error);
    if (response.headersSent || response.destroyed) {
      response.destroy();
      return;
    }
    const problem = timedOut.has(request) ? upstreamTimeout : upstreamUnreachable;
    writeProblem(response, problem, publicUrl, [...passed.responseHeaders, 'Connection', 'close']);
  }

  return (request, response, passed) => {
    const { route, address, verdict } = passed;
    // Node has decided already whether this connection goes on; httpxy would say `keep-alive` to everybody.
    const connection = response.shouldKeepAlive ? 'keep-alive' : 'close';
    passes.set(request, { ...passed, responseHeaders: [...passed.responseHeaders, 'Connection', connection] });
    request.headers = {
      ...callHeaders(request.headers),
      ...toRecord(identityHeaders(verdict)),
      'x-forwarded-for': address?.text ?? '',
      'x-forwarded-host': host,
      'x-forwarded-proto': protocol.slice(0, -1),
      'x-forwarded-prefix': `/${route.api}/${route.version}`,
    };
    request.url = belowVersion(request.url ?? '');
    proxy.web(request, response, { target: route.upstreamUrl }).catch((error: unknown) => {
      failed(request, response, passed, error);
    });
  };
}

/** The headers a caller may send to an upstream. `Gatehouse_Key.Id` is `Gatehouse-Key-Id` to many servers, so spelling does not count. */
function callHeaders(received: IncomingHttpHeaders): IncomingHttpHeaders {
  const headers = withoutHopByHop(received);
  for (const name of Object.keys(headers)) {
    if (WITHHELD.test(name.replaceAll(/[_.]/g, '-'))) Reflect.deleteProperty(headers, name);
  }
  return headers;
}

function answerHeaders(received: IncomingHttpHeaders, ours: readonly string[]): IncomingHttpHeaders {
  const headers = withoutHopByHop(received);
  // Node frames the answer itself.
  delete headers['transfer-encoding'];
  // It has one already, which the upstream was told.
  delete headers['x-request-id'];
  const { vary } = headers;
  Object.assign(headers, toRecord(ours));
  if (vary !== undefined && headers.vary !== vary) headers.vary = `${vary}, ${headers.vary ?? ''}`;
  return headers;
}

function withoutHopByHop(received: IncomingHttpHeaders): IncomingHttpHeaders {
  const { connection = '', ...headers } = received;
  const named = connection.split(',').map((name) => name.trim().toLowerCase());
  for (const name of [...HOP_BY_HOP, ...named]) {
    // Framing is not the caller's to take away.
    if (name !== 'transfer-encoding' && name !== 'content-length' && name !== 'host')
      Reflect.deleteProperty(headers, name);
  }
  return headers;
}

function toRecord(flat: readonly string[]): Record<string, string> {
  const record: Record<string, string> = {};
  for (let index = 0; index < flat.length; index += 2)
    record[(flat[index] ?? '').toLowerCase()] = flat[index + 1] ?? '';
  return record;
}

/** What follows `/<api>/<version>`, raw, with the query. */
function belowVersion(url: string): string {
  return url.slice(url.indexOf('/', url.indexOf('/', 1) + 1));
}

const upstreamUnreachable: Problem = {
  code: 'upstream_unreachable',
  status: 502,
  title: 'API not reachable',
  detail: 'Your key is fine, but the API behind this gateway did not answer properly. Try again in a moment.',
};

const upstreamTimeout: Problem = {
  code: 'upstream_timeout',
  status: 504,
  title: 'API too slow',
  detail:
    'Your key is fine, but the API behind this gateway did not answer in time. Whether it acted on the call is not known.',
};
