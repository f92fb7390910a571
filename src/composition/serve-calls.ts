import { createGateway } from '../gateway/gateway.ts';
import { prepareTokenHash, toPeppers } from '../keys/pepper.ts';
import { createClientAddressResolver } from '../platform/client-address.ts';
import type { Clock } from '../platform/clock.ts';
import type { Config } from '../settings/config.ts';
import type { Database } from '../database/database.ts';
import type { Health, HealthCheck } from '../platform/health.ts';
import type { MetricFamily, Metrics } from '../platform/metrics.ts';
import { systemRandom } from '../platform/random.ts';
import { createRequestIds } from '../platform/request-id.ts';
import type { PortalSchema } from '../database/schema.ts';
import { version } from '../platform/version.ts';
import { createActivePolicyStore } from '../policies/active-policy-store.ts';
import type { PolicyCountStore } from '../policies/policy-count-store.ts';
import { createPolicyRecorder } from '../policies/policy-recorder.ts';
import { type StatisticsRecorder, createStatisticsRecorder } from '../usage/statistics-recorder.ts';
import type { StatisticsStore } from '../usage/statistics-store.ts';
import type { UsageRecorder } from '../usage/usage-recorder.ts';
import { createCallRuns } from '../verify/call-runs.ts';
import { createCostReports } from '../verify/cost-reports.ts';
import { createCredentialReader } from '../verify/credential.ts';
import { createSecretCheck, gatewayCredentials } from '../verify/gateway-secret.ts';
import { createEventsEndpoint } from '../verify/events.ts';
import { closeServer, listen } from '../verify/http-server.ts';
import { createKeyOwnerStore } from '../verify/key-owner-store.ts';
import { createListener } from '../verify/listener.ts';
import { createMeteredKeyStore } from '../verify/metered-key-store.ts';
import { createOperationsEndpoint } from '../verify/operations-endpoint.ts';
import { createPolicies } from '../verify/policies.ts';
import { createRoutes } from '../verify/routes.ts';
import type { TokenHashes } from '../verify/key-lookup.ts';
import { createVerificationStore } from '../verify/verification-store.ts';
import { createVerifier } from '../verify/verifier.ts';
import { createVerifierMetrics } from '../verify/verifier-metrics.ts';
import type { Reporter } from './log-reporter.ts';

export interface VerifierPorts {
  verifierPort: number;
  gatewayPort: number;
}

/** The verifier process: a listener for gateways and the built-in gateway, over one decision. */
export interface VerifierProcess {
  /** Opens both ports; 0 in the configuration means any free one. */
  start(): Promise<VerifierPorts>;
  /** Lets calls under way finish, writes what was counted and closes the databases. */
  stop(): Promise<void>;
}

export interface CallParts {
  config: Config;
  clock: Clock;
  reporter: Reporter;
  portal: Database<PortalSchema>;
  usage: UsageRecorder;
  statisticsStore: StatisticsStore;
  policyCountStore: Pick<PolicyCountStore, 'add' | 'removeBefore'>;
  /** Other threads listen on the same ports. */
  sharesPorts: boolean;
  /** What is told of this process, of which the listener may be a part only. @param own what the listener says of itself */
  operations(own: OwnOperations): { health: () => Promise<Health>; metrics: Metrics };
}

/** How one listener is, and what it has counted. */
export interface OwnOperations {
  checks: readonly HealthCheck[];
  families: () => readonly MetricFamily[];
}

/** Everything that answers calls: a listener for gateways and the built-in gateway, over one decision. */
export interface ServedCalls {
  start(ports: VerifierPorts): Promise<VerifierPorts>;
  /** Lets calls under way finish and writes what was counted. */
  stop(): Promise<void>;
}

const UPSTREAM_TIMEOUT_MS = 30_000;

export async function serveCalls(parts: CallParts): Promise<ServedCalls> {
  const { config, clock, usage, portal, statisticsStore } = parts;
  const report = parts.reporter;
  const runs = createCallRuns({
    noteCalls: (calls) => statistics.note(calls),
    noteManner: (manner) => policyCounts.noteManner(manner),
  });
  const gather = (): Promise<void> => runs.handOver();
  const statistics = createStatisticsRecorder({
    store: statisticsStore,
    gather,
    onWriteError: report('statistics could not be written; they are kept in memory'),
  });
  const store = createVerificationStore(portal, tokenHashes(config, clock, statistics));
  const routes = await createRoutes(store, report('the routes could not be read; the last ones stay in force'));
  const policies = await createPolicies(
    createActivePolicyStore(portal),
    report('security policies could not be read; the last ones stay in force'),
  );
  const policyCounts = createPolicyRecorder({
    store: parts.policyCountStore,
    nowMs: () => clock.nowMs(),
    gather,
    onWriteError: report('counts of security policies could not be written; they are kept in memory'),
  });
  const gateways = createSecretCheck(gatewayCredentials(config));
  const metrics = createVerifierMetrics({
    version,
    statistics: () => statistics.state(),
    gatewayRequests: () => gateways.requests(),
  });
  const verifier = metrics.counted(
    createVerifier({
      store,
      routes,
      usage,
      runs,
      policies,
      policyCounts,
      clock,
      readCredential: createCredentialReader(config.keyPrefix),
      onError: report('a key could not be verified; the call was refused'),
    }),
  );
  const costs = createCostReports({ keys: createMeteredKeyStore(portal), usage, clock });
  const resolver = createClientAddressResolver(config.trustedProxies);
  const { publicUrl, gatewayPublicUrl, metricsToken } = config;
  const isPortalFine = (): Promise<boolean> => store.routesFingerprint().then(() => true);
  const checks = [
    { reason: 'portal_database_unreadable', isFatal: true, isFine: isPortalFine },
    { reason: 'usage_not_written', isFatal: false, isFine: () => !statistics.state().isFailing },
    { reason: 'counters_not_written', isFatal: false, isFine: () => usage.health().isWritten },
    { reason: 'counters_not_journaled', isFatal: false, isFine: () => usage.health().isJournaled },
    { reason: 'data_folder_read_only', isFatal: false, isFine: () => config.readOnlyFolder === null },
  ];
  const answerEvents = createEventsEndpoint({
    statistics: statisticsStore,
    owners: createKeyOwnerStore(portal),
    routes: () => routes.current(),
    nowMs: () => clock.nowMs(),
    publicUrl,
  });
  const told = parts.operations({ checks, families: () => metrics.families() });
  const listener = createListener({
    verifier,
    resolver,
    isGatewaySecret: gateways.check,
    publicUrl,
    costs,
    operations: createOperationsEndpoint({ ...told, metricsToken, answerEvents, publicUrl }),
    onAnswered: (exchanges) => metrics.observe(exchanges),
    onUnknownGateway: report('a gateway asked without the right Gatehouse-Secret'),
    onError: report('a question could not be answered; the call was refused'),
  });
  const gateway = createGateway({
    verifier,
    resolver,
    publicUrl,
    gatewayPublicUrl,
    upstreamTimeoutMs: UPSTREAM_TIMEOUT_MS,
    clock,
    requestIds: createRequestIds(systemRandom),
    costs,
    onAnswered: (answer) => {
      statistics.noteAnswer(answer);
      metrics.observeCall(answer.status, answer.latencyMs);
    },
    onError: report('a call could not be forwarded'),
  });

  return {
    async start(ports) {
      const { sharesPorts } = parts;
      const verifierPort = await listen(listener, config.verifierHost, ports.verifierPort, sharesPorts);
      const gatewayPort = await listen(gateway, config.gatewayHost, ports.gatewayPort, sharesPorts);
      for (const part of [routes, usage, statistics, policies, policyCounts]) part.start();
      return { verifierPort, gatewayPort };
    },
    async stop() {
      routes.stop();
      policies.stop();
      await Promise.all([closeServer(listener), closeServer(gateway)]);
      await costs.settled();
      await usage.stop();
      await statistics.stop();
      await policyCounts.stop();
    },
  };
}

/** A key that is found under the previous pepper is noted; the portal moves it. */
function tokenHashes(config: Config, clock: Clock, statistics: Pick<StatisticsRecorder, 'noteRehash'>): TokenHashes {
  const { current, previous } = toPeppers(config);
  const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
  return {
    current: prepareTokenHash(current),
    previous: previous && prepareTokenHash(previous),
    onPrevious: (keyId, formerHash, tokenHash) =>
      statistics.noteRehash({
        key_id: keyId,
        former_hash: hex(formerHash),
        token_hash: hex(tokenHash),
        pepper_id: current.id,
        at_ms: clock.nowMs(),
      }),
  };
}
