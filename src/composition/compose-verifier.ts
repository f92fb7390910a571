import { createGateway } from '../gateway/gateway.ts';
import { prepareTokenHash } from '../keys/key-secret.ts';
import { createClientAddressResolver } from '../platform/client-address.ts';
import { type Clock, systemClock } from '../platform/clock.ts';
import type { Config } from '../platform/config.ts';
import type { Log } from '../platform/log.ts';
import { version } from '../platform/version.ts';
import { createUsageRecorder } from '../usage/usage-recorder.ts';
import { createUsageStore } from '../usage/usage-store.ts';
import { createAllowlistReader } from '../verify/allowlists.ts';
import { createCredentialReader } from '../verify/credential.ts';
import { closeServer, listen } from '../verify/http-server.ts';
import { createListener } from '../verify/listener.ts';
import { createRoutes } from '../verify/routes.ts';
import { createVerificationStore } from '../verify/verification-store.ts';
import { createVerifier } from '../verify/verifier.ts';
import { openCheckedDatabases } from './databases.ts';

/** The verifier process: a listener for gateways and the built-in gateway, over one decision. */
export interface VerifierProcess {
  /** Opens both ports; 0 in the configuration means any free one. */
  start(): Promise<{ verifierPort: number; gatewayPort: number }>;
  /** Lets calls under way finish, writes what was counted and closes the databases. */
  stop(): Promise<void>;
}

const UPSTREAM_TIMEOUT_MS = 30_000;
/** Errors of one kind are logged once in this time, so that a flood of them cannot fill a disk. */
const LOG_INTERVAL_MS = 1000;

/** @throws with one clear line when a database is missing, has not been migrated, or is newer than this program */
export async function composeVerifier(config: Config, log: Log, clock: Clock = systemClock): Promise<VerifierProcess> {
  const databases = await openCheckedDatabases(config);
  const report = createReporter(log, clock);

  const store = createVerificationStore(databases.portal);
  const routes = await createRoutes(store, report('the routes could not be read; the last ones stay in force'));
  const usage = createUsageRecorder({
    store: createUsageStore(databases.usage),
    clock,
    onReadError: report('usage could not be read; calls are allowed'),
    onWriteError: report('usage could not be written; it is kept in memory'),
  });
  const verifier = createVerifier({
    store,
    routes,
    usage,
    clock,
    hashToken: prepareTokenHash(config.keyPepper),
    readCredential: createCredentialReader(config.keyPrefix),
    readAllowlist: createAllowlistReader(),
    onError: report('a key could not be verified; the call was refused'),
  });
  const resolver = createClientAddressResolver(config.trustedProxies);
  const { publicUrl, gatewayPublicUrl } = config;
  const listener = createListener({
    verifier,
    resolver,
    gatewaySecret: Buffer.from(config.gatewaySecret),
    publicUrl,
    health: async () => {
      const readable = await store.routesFingerprint().then(
        () => true,
        () => false,
      );
      return { status: readable ? 'ok' : 'unavailable', version, schema: databases.schema };
    },
    onUnknownGateway: report('a gateway asked without the right Gatehouse-Secret'),
    onError: report('a question could not be answered; the call was refused'),
  });
  const gateway = createGateway({
    verifier,
    resolver,
    publicUrl,
    gatewayPublicUrl,
    upstreamTimeoutMs: UPSTREAM_TIMEOUT_MS,
    onError: report('a call could not be forwarded'),
  });

  return {
    async start() {
      const verifierPort = await listen(listener, config.verifierHost, config.verifierPort);
      const gatewayPort = await listen(gateway, config.gatewayHost, config.gatewayPort);
      routes.start();
      usage.start();
      return { verifierPort, gatewayPort };
    },
    async stop() {
      routes.stop();
      await Promise.all([closeServer(listener), closeServer(gateway)]);
      await usage.stop();
      await databases.close();
    },
  };
}

function createReporter(log: Log, clock: Clock) {
  return (message: string) => {
    let quietUntilMs = 0;
    let suppressed = 0;
    return (error?: unknown): void => {
      const nowMs = clock.nowMs();
      if (nowMs < quietUntilMs) {
        suppressed += 1;
        return;
      }
      log.error({ err: error, suppressed }, message);
      quietUntilMs = nowMs + LOG_INTERVAL_MS;
      suppressed = 0;
    };
  };
}
