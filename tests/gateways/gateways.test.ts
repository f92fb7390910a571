import { describe } from 'vitest';

import type { DebianPackage } from '../support/programs.ts';
import { describeWithPrograms } from '../support/with-programs.ts';
import { startDocumentedEnvoy } from './documented-envoy.ts';
import { startDocumentedTraefik } from './documented-traefik.ts';
import { gatewaySuite } from './gateway-suite.ts';
import { startCaddy, startHaproxy, startNginx } from './programs.ts';

const programs = [
  ['nginx', startNginx],
  ['caddy', startCaddy],
  ['haproxy', startHaproxy],
] as const satisfies [DebianPackage, unknown][];

for (const [name, start] of programs) describeWithPrograms(name, [name], () => gatewaySuite(start));

describe('Traefik, as documented', () => gatewaySuite(startDocumentedTraefik, false));
describe('Envoy, as documented', () => gatewaySuite(startDocumentedEnvoy));
