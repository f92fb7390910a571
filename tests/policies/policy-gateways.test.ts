import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { toPolicyRow } from '../../src/policies/policy-row.ts';
import { NO_DATES, type PolicyStage, type SecurityPolicy } from '../../src/policies/policy.ts';
import { type CallAnswer, type Upstream, call, startUpstream } from '../gateway/call.ts';
import { startCaddy, startHaproxy, startNginx } from '../gateways/programs.ts';
import type { StartGateway } from '../gateways/gateway-suite.ts';
import { describeWithPrograms } from '../support/with-programs.ts';
import { secret } from '../verify/ask.ts';
import { type VerifierHere, type World, createWorld } from '../verify/world.ts';

const ENFORCED_MS = Date.UTC(2027, 2, 1, 9);
const policy: SecurityPolicy = {
  id: 'pol_1',
  slug: 'no-basic',
  title: 'No HTTP Basic',
  reason: '',
  apiSlug: 'parcels',
  planSlug: null,
  environment: 'all',
  rules: [{ kind: 'basic_refused' }],
  stage: 'warned',
  dates: { ...NO_DATES, announced: 1, enforced: ENFORCED_MS },
  createdAtMs: 1,
  replannedAtMs: null,
  revision: 1,
};
const WARNING = `"no-basic";rule=basic_refused;enforced=@${ENFORCED_MS / 1000};about="http://portal.test/policies/no-basic"`;

let world: World;
let upstream: Upstream;
let token: string;

beforeAll(async () => {
  upstream = await startUpstream();
  world = await createWorld({}, `http://127.0.0.1:${upstream.port}`);
  ({ token } = await world.addKey());
});
afterAll(async () => {
  await upstream.close();
  await world.close();
});

async function putAt(stage: PolicyStage): Promise<void> {
  const { kysely } = world.databases.portal;
  await kysely.deleteFrom('security_policy').execute();
  await kysely
    .insertInto('security_policy')
    .values(toPolicyRow({ ...policy, stage }))
    .execute();
}

/** Calls once in Basic and once as bearer, at a stage, through a gateway that is started for it. */
async function callAt(
  stage: PolicyStage,
  through: (verifier: VerifierHere) => Promise<{ port: number; stop(): Promise<void> }>,
): Promise<{ basic: CallAnswer; bearer: CallAnswer }> {
  await putAt(stage);
  const verifier = await world.composeVerifier({ nowMs: () => ENFORCED_MS - 1 });
  const gateway = await through(verifier);
  const ask = (Authorization: string): Promise<CallAnswer> =>
    call(gateway.port, { path: '/parcels/v2/parcels', headers: { Authorization } });
  try {
    const basic = await ask(`Basic ${Buffer.from(`${token}:`).toString('base64')}`);
    return { basic, bearer: await ask(`Bearer ${token}`) };
  } finally {
    await gateway.stop();
    await verifier.stop();
  }
}

function itTells(through: Parameters<typeof callAt>[1]): void {
  test('warns the caller of what will be refused, and nobody else', async () => {
    const { basic, bearer } = await callAt('warned', through);
    expect([basic.status, basic.headers['gatehouse-policy-warning']]).toEqual([200, WARNING]);
    expect([bearer.status, bearer.headers['gatehouse-policy-warning']]).toEqual([200, undefined]);
  });

  test('refuses what is enforced, with a problem that names policy, rule and page', async () => {
    const { basic, bearer } = await callAt('enforced', through);
    expect([basic.status, basic.headers['content-type']]).toEqual([403, 'application/problem+json']);
    expect(basic.json()).toMatchObject({
      type: 'http://portal.test/errors/policy_violated',
      code: 'policy_violated',
      policy: 'no-basic',
      rule: 'basic_refused',
      page: 'http://portal.test/policies/no-basic',
    });
    expect(bearer.status).toBe(200);
  });
}

const programs: ['nginx' | 'caddy' | 'haproxy', StartGateway][] = [
  ['nginx', startNginx],
  ['caddy', startCaddy],
  ['haproxy', startHaproxy],
];
let folders = 0;
for (const [name, start] of programs) {
  describeWithPrograms(name, [name], () => {
    itTells(({ verifierPort }) => {
      folders += 1;
      const ports = { verifierPort, upstreamPort: upstream.port };
      const folder = join(world.config.dataDir, `${name}-${folders}`);
      mkdirSync(folder);
      return start(folder, ports);
    });
  });
}

describe('the built-in gateway', () => {
  itTells(({ gatewayPort }) => Promise.resolve({ port: gatewayPort, stop: () => Promise.resolve() }));
});

test('programs that ask by themselves are warned too', async () => {
  await putAt('warned');
  const { kysely } = world.databases.portal;
  await kysely.updateTable('security_policy').set({ rules: '[{"kind":"allowlist_required"}]' }).execute();
  const verifier = await world.composeVerifier({ nowMs: () => ENFORCED_MS - 1 });
  const body = JSON.stringify({ key: token, api: 'parcels', version: 'v2', method: 'GET', path: '/parcels' });
  const answer = await call(verifier.verifierPort, { method: 'POST', path: '/v1/verify', headers: secret, body });
  await verifier.stop();
  expect(answer.json()).toMatchObject({
    valid: true,
    policyWarnings: [
      {
        policy: 'no-basic',
        title: 'No HTTP Basic',
        rule: 'allowlist_required',
        enforcedAt: '2027-03-01T09:00:00.000Z',
      },
    ],
  });
});
