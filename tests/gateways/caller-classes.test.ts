import { afterAll, beforeAll, describe, test } from 'vitest';

import { type Upstream, startUpstream } from '../gateway/call.ts';
import type { DebianPackage } from '../support/programs.ts';
import { describeWithPrograms } from '../support/with-programs.ts';
import { type VerifierChild, type World, createWorld } from '../verify/world.ts';
import { addKey } from '../verify/parcels.ts';
import { type Scene, classes } from './caller-classes.ts';
import { startDocumentedEnvoy } from './documented-envoy.ts';
import { startDocumentedTraefik } from './documented-traefik.ts';
import type { StartGateway } from './gateway-suite.ts';
import { type GatewayProgram, startCaddy, startHaproxy, startNginx } from './programs.ts';

let upstream: Upstream;
let world: World;
let verifier: VerifierChild;
let bare: Scene['bare'];

beforeAll(async () => {
  upstream = await startUpstream();
  world = await createWorld({}, `http://127.0.0.1:${upstream.port}/v2/`);
  bare = await addBarePlan(world);
  verifier = await world.startVerifier();
});
afterAll(async () => {
  await world.close();
  await upstream.close();
});

/** Every class of attack against every gateway that has a guide. */
const programs: [name: string, needs: readonly DebianPackage[], start: StartGateway][] = [
  ['the built-in gateway', [], () => Promise.resolve({ port: verifier.gatewayPort, stop: () => Promise.resolve() })],
  ['nginx', ['nginx'], startNginx],
  ['Caddy', ['caddy'], startCaddy],
  ['HAProxy', ['haproxy'], startHaproxy],
  ['Traefik, as documented', [], startDocumentedTraefik],
  ['Envoy, as documented', [], startDocumentedEnvoy],
];

for (const [name, needs, start] of programs) {
  const suite = (): void => {
    let gateway: GatewayProgram;
    beforeAll(async () => {
      gateway = await start(world.config.dataDir, {
        verifierPort: verifier.verifierPort,
        upstreamPort: upstream.port,
      });
    });
    afterAll(() => gateway.stop());
    test.each(classes)('is not deceived by %s', (_, check) => check({ port: gateway.port, world, bare }));
  };
  if (needs.length === 0) describe(name, suite);
  else describeWithPrograms(name, needs, suite);
}

/** A plan that grants nothing, and an operation that asks for nothing. */
async function addBarePlan({ databases, config }: World): Promise<Scene['bare']> {
  const { kysely } = databases.portal;
  const ample = await kysely.selectFrom('plan').selectAll().where('slug', '=', 'ample').executeTakeFirstOrThrow();
  await kysely
    .insertInto('plan')
    .values({ ...ample, slug: 'bare', scopes: '' })
    .execute();
  await kysely
    .insertInto('operation')
    .values({
      api_slug: 'parcels',
      version: 'v2',
      operation_id: 'ping',
      method: 'GET',
      path: '/ping',
      summary: '',
      deprecated: 0,
      scopes: '',
    })
    .execute();
  const key = await addKey(databases, config, 'ample', {});
  await kysely.updateTable('subscription').set({ plan_slug: 'bare' }).where('id', '=', key.subscriptionId).execute();
  return key;
}
