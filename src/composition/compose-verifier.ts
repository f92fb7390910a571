import { createGateway } from '../gateway/gateway.ts';
import { prepareTokenHash } from '../keys/key-secret.ts';
import { createClientAddressResolver } from '../platform/client-address.ts';
import { type Clock, systemClock } from '../platform/clock.ts';
import type { Config } from '../platform/config.ts';
import { lockFile } from '../platform/database.ts';
import { readHealth } from '../platform/health.ts';
import type { Log } from '../platform/log.ts';
import { createMetrics } from '../platform/metrics.ts';
import { newId, systemRandom } from '../platform/random.ts';
import { createRequestIds } from '../platform/request-id.ts';
import { version } from '../platform/version.ts';
import { createActivePolicyStore } from '../policies/active-policy-store.ts';
import { createPolicyCountStore } from '../policies/policy-count-store.ts';
import { createPolicyRecorder } from '../policies/policy-recorder.ts';
import { startUsageRemoval } from '../usage/remove-old-usage.ts';
import { createStatisticsRecorder } from '../usage/statistics-recorder.ts';
import { createStatisticsStore } from '../usage/statistics-store.ts';
import { openUsageRecorder } from '../usage/open-usage-recorder.ts';
import { createUsageRetentionStore } from '../usage/usage-retention-store.ts';
import { createUsageStore } from '../usage/usage-store.ts';
import { createAllowlistReader } from '../verify/allowlists.ts';
import { createCallRulesReader } from '../verify/call-rules.ts';
import { createCostReports } from '../verify/cost-reports.ts';
import { createCredentialReader } from '../verify/credential.ts';
import { createEventsEndpoint } from '../verify/events.ts';
import { closeServer, listen } from '../verify/http-server.ts';
import { createKeyOwnerStore } from '../verify/key-owner-store.ts';
import { createListener } from '../verify/listener.ts';
import { createMeteredKeyStore } from '../verify/metered-key-store.ts';
import { createOperationsEndpoint } from '../verify/operations-endpoint.ts';
import { createPolicies } from '../verify/policies.ts';
import { createRoutes } from '../verify/routes.ts';
import { createVerificationStore } from '../verify/verification-store.ts';
import { createVerifier } from '../verify/verifier.ts';
import { createVerifierMetrics } from '../verify/verifier-metrics.ts';
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

  const store = createVerificationStore(databases.portal, prepareTokenHash(config.keyPepper));
  const routes = await createRoutes(store, report('the routes could not be read; the last ones stay in force'));
  const usage = await openUsageRecorder({
    store: createUsageStore(databases.usage),
    clock,
    folder: config.dataDir,
    lockFile,
    newJournalId: () => newId(systemRandom, 'jnl'),
    onReadError: report('usage could not be read; calls are allowed'),
    onWriteError: report('usage could not be written; the journal keeps it'),
    onJournalError: report('the journal of counters cannot be written; calls under hard quotas are refused'),
  });
  const statisticsStore = createStatisticsStore(databases.usage);
  const statistics = createStatisticsRecorder({
    store: statisticsStore,
    onWriteError: report('statistics could not be written; they are kept in memory'),
  });
  const policies = await createPolicies(
    createActivePolicyStore(databases.portal),
    report('security policies could not be read; the last ones stay in force'),
  );
  const policyCounts = createPolicyRecorder({
    store: createPolicyCountStore(databases.usage),
    nowMs: () => clock.nowMs(),
    onWriteError: report('counts of security policies could not be written; they are kept in memory'),
  });
  const metrics = createVerifierMetrics({ version, statistics: () => statistics.state() });
  const decider = createVerifier({
    store,
    routes,
    usage,
    statistics,
    policies,
    policyCounts,
    clock,
    readCredential: createCredentialReader(config.keyPrefix),
    readAllowlist: createAllowlistReader(),
    readCallRules: createCallRulesReader(),
    onError: report('a key could not be verified; the call was refused'),
  });
  const verifier = metrics.counted(decider);
  const costs = createCostReports({ keys: createMeteredKeyStore(databases.portal), usage, clock });
  const resolver = createClientAddressResolver(config.trustedProxies);
  const { publicUrl, gatewayPublicUrl } = config;
  const operations = createOperationsEndpoint({
    health: () =>
      readHealth(
        [
          {
            reason: 'portal_database_unreadable',
            isFatal: true,
            isFine: () => store.routesFingerprint().then(() => true),
          },
          { reason: 'usage_not_written', isFatal: false, isFine: () => !statistics.state().isFailing },
          { reason: 'counters_not_written', isFatal: false, isFine: () => usage.health().isWritten },
          { reason: 'counters_not_journaled', isFatal: false, isFine: () => usage.health().isJournaled },
        ],
        { version, schema: databases.schema },
      ),
    metrics: createMetrics([() => metrics.families()]),
    metricsToken: config.metricsToken,
    answerEvents: createEventsEndpoint({
      statistics: statisticsStore,
      owners: createKeyOwnerStore(databases.portal),
      routes: () => routes.current(),
      nowMs: () => clock.nowMs(),
      publicUrl,
    }),
    publicUrl,
  });
  const listener = createListener({
    verifier,
    resolver,
    gatewaySecret: Buffer.from(config.gatewaySecret),
    publicUrl,
    costs,
    operations,
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

  let removal: ReturnType<typeof startUsageRemoval> | null = null;

  return {
    async start() {
      const verifierPort = await listen(listener, config.verifierHost, config.verifierPort);
      const gatewayPort = await listen(gateway, config.gatewayHost, config.gatewayPort);
      routes.start();
      usage.start();
      statistics.start();
      policies.start();
      policyCounts.start();
      removal = startUsageRemoval({
        store: createUsageRetentionStore(databases.usage),
        keptDays: config.usageKeptDays,
        clock,
        onError: report('old statistics could not be removed'),
      });
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
      await removal?.stop();
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
