import { type ServerResponse, createServer } from 'node:http';

import { describe, expect, test } from 'vitest';

import { createGateway } from '../../src/gateway/gateway.ts';
import { createClientAddressResolver } from '../../src/platform/client-address.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { systemRandom } from '../../src/platform/random.ts';
import { createRequestIds } from '../../src/platform/request-id.ts';
import { closeServer, listen } from '../../src/verify/http-server.ts';
import type { Verifier } from '../../src/verify/verifier.ts';
import { goodFacts, key } from '../verify/facts.ts';
import { call } from './call.ts';

describe('an upstream in trouble', () => {
  /** A gateway whose verifier allows everything, before an upstream that behaves as told. */
  async function before(
    behave: (response: ServerResponse) => void,
    upstreamTimeoutMs = 5000,
  ): Promise<{ port: number; stop(): Promise<void> }> {
    const server = createServer((_, response) => behave(response));
    const upstreamPort = await listen(server, '127.0.0.1', 0);
    const route = {
      api: 'parcels',
      version: 'v2',
      retired: false,
      deprecation: null,
      upstreamUrl: `http://127.0.0.1:${upstreamPort}`,
      operations: [],
    };
    const verdict = {
      allowed: true as const,
      caller: key.caller,
      api: 'parcels',
      version: 'v2',
      operationId: 'x',
      plan: null,
      limits: null,
      keyEndsAtMs: null,
      deprecation: null,
    };
    const allowing: Verifier = {
      verify: () => ({ verdict, target: { ...goodFacts.target, route } }),
      together: (work) => work(),
    };
    const gateway = createGateway({
      verifier: allowing,
      resolver: createClientAddressResolver([]),
      publicUrl: 'http://portal.test',
      gatewayPublicUrl: 'http://api.test',
      upstreamTimeoutMs,
      clock: systemClock,
      requestIds: createRequestIds(systemRandom),
      costs: { add: () => Promise.resolve('counted' as const), settled: () => Promise.resolve() },
      onAnswered: () => undefined,
      onError: () => undefined,
    });
    const port = await listen(gateway, '127.0.0.1', 0);
    return {
      port,
      stop: async () => {
        server.closeAllConnections();
        await Promise.all([closeServer(gateway), closeServer(server)]);
      },
    };
  }

  test('that hangs up is 502, that is silent is 504, both as problems', async () => {
    const hangingUp = await before((response) => response.destroy());
    const refused = await call(hangingUp.port, { path: '/parcels/v2/x' });
    expect([refused.status, refused.json().code]).toEqual([502, 'upstream_unreachable']);
    await hangingUp.stop();
    const silent = await before(() => undefined, 100);
    const late = await call(silent.port, { path: '/parcels/v2/x' });
    expect([late.status, late.json().code]).toEqual([504, 'upstream_timeout']);
    await silent.stop();
  });

  test('that breaks off half an answer never looks like a whole one', async () => {
    const breaking = await before((response) => {
      response.writeHead(200, { 'Content-Length': '100' });
      response.write('half', () => response.destroy());
    });
    await expect(call(breaking.port, { path: '/parcels/v2/x' })).rejects.toThrow();
    await breaking.stop();
  });

  test('headers of its own connection do not reach the caller; its status, body and cookies do', async () => {
    const answering = await before((response) => {
      response.writeHead(418, [
        'Connection',
        'X-Hop, close',
        'X-Hop',
        '1',
        'Set-Cookie',
        'a=1',
        'Set-Cookie',
        'b=2',
        'Vary',
        'Accept',
      ]);
      response.end('short and stout');
    });
    const answer = await call(answering.port, { path: '/parcels/v2/x', headers: { Origin: 'http://portal.test' } });
    expect([answer.status, answer.text, answer.headers['x-hop']]).toEqual([418, 'short and stout', undefined]);
    expect(answer.headers['set-cookie']).toEqual(['a=1', 'b=2']);
    expect(answer.headers.vary).toBe('Accept, Origin');
    await answering.stop();
  });
});
