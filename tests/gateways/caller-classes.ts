import { Agent, request } from 'node:http';

import { expect } from 'vitest';

import { IDENTITY_HEADERS } from '../../src/verify/verdict-headers.ts';
import { type CallAnswer, type Seen, call, valuesLike } from '../gateway/call.ts';
import type { IssuedKey } from '../verify/parcels.ts';
import type { World } from '../verify/world.ts';
import { hostilePaths, privileges, wrongAuthorizations } from './hostile-calls.ts';

/** One gateway in front of the verifier and a service that tells what it saw. */
export interface Scene {
  port: number;
  world: World;
  /** Of a plan that grants no scope, so that one identity header is empty. */
  bare: IssuedKey;
}

const PATH = '/parcels/v2/parcels';

function get(scene: Scene, lines: readonly string[], path = PATH, from?: string): Promise<CallAnswer> {
  const headers = ['Host', 'api.test', ...lines];
  return call(scene.port, { path, headers, ...(from === undefined ? {} : { from }) });
}

async function seenWith(scene: Scene, lines: readonly string[], path = PATH): Promise<Seen> {
  const answer = await get(scene, lines, path);
  expect([path, answer.status]).toEqual([path, 200]);
  return answer.json() as unknown as Seen;
}

/** Ways to write a name that some server takes for the same. */
function spellings(name: string): string[] {
  const mixed = name.split('-').reduce((text, part, index) => `${text}${index % 2 === 0 ? '_' : '.'}${part}`);
  return [
    name,
    name.toLowerCase(),
    name.toUpperCase(),
    name.replaceAll('-', '_'),
    name.replaceAll('-', '.'),
    name.replace('-', '_'),
    name.replace('-', '.'),
    mixed,
  ];
}

function identityOf(seen: Seen): [string, string[]][] {
  return IDENTITY_HEADERS.map((name) => [name, valuesLike(seen, name).filter((value) => value !== '')]);
}

async function neverSurvive(scene: Scene, key: IssuedKey, path: string, forged: readonly string[]): Promise<void> {
  const credential = ['X-API-Key', key.token];
  const honest = await seenWith(scene, credential, path);
  const seen = await seenWith(scene, [...credential, ...forged], path);
  expect(identityOf(seen)).toEqual(identityOf(honest));
  expect(JSON.stringify(seen)).not.toContain('forged');
}

/**
 * Classes of attacks that worked against other gateways and their helpers; each runs against every gateway that a
 * guide shows. The identifiers name the advisories.
 */
export const classes: readonly [name: string, check: (scene: Scene) => Promise<void>][] = [
  [
    'an identity header in other spellings, once and twice (GHSA-vjrc-mh2v-45x6, GHSA-x677-9fxg-v5c5)',
    async (scene) => {
      const key = await scene.world.addKey();
      for (const name of IDENTITY_HEADERS) {
        const once = spellings(name).flatMap((spelling) => [spelling, 'forged']);
        await neverSurvive(scene, key, PATH, [...once, ...once]);
      }
    },
  ],
  [
    'an identity header for which our answer has no value (GHSA-7r4p-vjf4-gxv4)',
    (scene) => neverSurvive(scene, scene.bare, '/parcels/v2/ping', ['Gatehouse-Scopes', 'forged']),
  ],
  [
    'a Connection that names the identity headers as those of one hop (RFC 9110, 7.6.1)',
    async (scene) => {
      const key = await scene.world.addKey();
      await neverSurvive(scene, key, PATH, ['Connection', `keep-alive, ${IDENTITY_HEADERS.join(', ')}`]);
      await neverSurvive(scene, key, PATH, ['Connection', 'keep-alive', 'Connection', 'GATEHOUSE-KEY-ID']);
    },
  ],
  [
    'another method and path in the headers in which gateways report a call (CVE-2026-40575, CVE-2026-35051)',
    async (scene) => {
      const { token } = await scene.world.addKey();
      for (const name of [
        'X-Original-URI',
        'X-Original-URL',
        'X-Forwarded-Uri',
        'X-Rewrite-URL',
        'X-Envoy-Original-Path',
      ]) {
        const answer = await get(scene, ['X-API-Key', token, name, PATH], '/parcels/v2/elsewhere');
        expect([name, answer.status]).toEqual([name, 404]);
      }
      for (const name of ['X-Original-Method', 'X-Forwarded-Method', 'X-HTTP-Method-Override']) {
        const headers = ['Host', 'api.test', 'X-API-Key', token, name, 'GET'];
        const answer = await call(scene.port, { method: 'DELETE', path: PATH, headers });
        expect([name, answer.status]).toEqual([name, 403]);
      }
      for (const name of ['X-Forwarded-Prefix', 'Gatehouse-Api']) {
        const answer = await get(scene, ['X-API-Key', token, name, '/parcels/v2'], '/parcels/v2/elsewhere');
        expect([name, answer.status]).toEqual([name, 404]);
      }
    },
  ],
  [
    'a path that the service could read differently (GHSA-7rh7-c77v-6434, CVE-2026-41059, CVE-2026-63177, CVE-2026-34908)',
    async (scene) => {
      const { token } = await scene.world.addKey();
      for (const path of hostilePaths) {
        const answer = await get(scene, ['X-API-Key', token], path);
        expect([path, answer.status >= 400 && answer.status < 500]).toEqual([path, true]);
      }
    },
  ],
  [
    'a header that lets health checks or trusted callers through (GHSA-5hvv-m4w4-gf6v)',
    async (scene) => {
      for (const [name = '', value = ''] of privileges) {
        const answer = await get(scene, [name, value]);
        expect([name, value, answer.status]).toEqual([name, value, 401]);
      }
    },
  ],
  [
    'a credential that cannot be read (GHSA-68wm-pfjf-wqp6, GHSA-fj56-5763-j8pp)',
    async (scene) => {
      for (const value of wrongAuthorizations) {
        const answer = await get(scene, ['Authorization', value]);
        expect([value.slice(0, 40), answer.status]).toEqual([value.slice(0, 40), 401]);
      }
    },
  ],
  [
    'public identifiers instead of a key (Tyk pull request 7671)',
    async (scene) => {
      const key = await scene.world.addKey();
      for (const text of [key.keyId, key.applicationId, key.token.slice(0, 13), 'gth_live_']) {
        for (const lines of [
          ['X-API-Key', text],
          ['Authorization', `Bearer ${text}`],
          ['Authorization', `Basic ${Buffer.from(`${text}:`).toString('base64')}`],
        ]) {
          expect((await get(scene, lines)).status).toBe(401);
        }
      }
    },
  ],
  [
    'the calls of several callers over one connection (CVE-2021-3523)',
    async (scene) => {
      const [good, stranger] = [await scene.world.addKey(), await scene.world.addKey(null)];
      const statuses = await overOneConnection(scene.port, [good.token, null, stranger.token, good.token]);
      expect(statuses).toEqual([200, 401, 403, 200]);
    },
  ],
  [
    'headers that claim an address (CVE-2022-24112)',
    async (scene) => {
      const { token } = await scene.world.addKey('ample', { allowlist: '["127.0.0.2/32"]' });
      const claims = [
        'X-Real-IP',
        'X-Client-IP',
        'True-Client-IP',
        'CF-Connecting-IP',
        'X-Forwarded-For',
        'X_Forwarded_For',
      ];
      for (const name of [...claims, 'X-Envoy-External-Address', 'X-Cluster-Client-IP', 'Forwarded']) {
        const value = name === 'Forwarded' ? 'for=127.0.0.2' : '127.0.0.2';
        const answer = await get(scene, ['X-API-Key', token, name, value], PATH, '127.0.0.3');
        expect([name, answer.status]).toEqual([name, 403]);
      }
    },
  ],
];

async function overOneConnection(port: number, tokens: readonly (string | null)[]): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const statuses: number[] = [];
  for (const token of tokens) {
    const headers = token === null ? {} : { 'X-API-Key': token };
    const status = await new Promise<number>((resolve, reject) => {
      const outgoing = request({ host: '127.0.0.1', port, path: PATH, headers, agent }, (incoming) => {
        incoming.resume();
        incoming.on('end', () => resolve(incoming.statusCode ?? 0));
      });
      outgoing.on('error', reject);
      outgoing.end();
    });
    statuses.push(status);
  }
  agent.destroy();
  return statuses;
}
