import { sql } from 'kysely';

import { createDurationHistogram } from '../platform/duration-histogram.ts';
import { readHealth } from '../platform/health.ts';
import { type MetricFamily, createMetrics, single } from '../platform/metrics.ts';
import { createOutboxBacklogStore } from '../database/outbox-backlog-store.ts';
import { version } from '../platform/version.ts';
import { createWriteProbe } from '../database/write-probe.ts';
import type { PortalOperations } from '../server/operations.ts';
import type { Foundation } from './foundation.ts';

/** Mails to a server that is down wait for hours; what waits longer than this waits for nobody. */
const LATE_MS = 15 * 60_000;

/** How the portal process is doing, for load balancers and for Prometheus. */
export function watchPortal({ databases, config, clock }: Foundation) {
  const outbox = createOutboxBacklogStore(databases.portal);
  const durations = createDurationHistogram(
    'http_request_duration_seconds',
    'Time from the head of a request to the end of its answer, by method and status class.',
    (label) => {
      const [method = '', status = ''] = label.split(' ');
      return { method, status };
    },
  );
  const outboxFamilies = async (): Promise<MetricFamily[]> => {
    const { waiting, oldestAtMs } = await outbox.backlog();
    const ageSeconds = oldestAtMs === null ? 0 : Math.max(0, (clock.nowMs() - oldestAtMs) / 1000);
    return [
      single('gauge', 'gatehouse_outbox_waiting', 'Mails and events that are still to be sent.', waiting),
      single('gauge', 'gatehouse_outbox_oldest_age_seconds', 'Age of the oldest of them.', ageSeconds),
    ];
  };
  const probe = createWriteProbe(databases.portal, clock);
  const operations: PortalOperations = {
    metricsToken: config.metricsToken,
    health: () =>
      readHealth(
        [
          {
            reason: 'portal_database_unreadable',
            isFatal: true,
            isFine: () => sql`select 1 from team limit 1`.execute(databases.portal.kysely).then(() => true),
          },
          { reason: 'portal_database_not_written', isFatal: false, isFine: () => probe.isWritten() },
          { reason: 'data_folder_read_only', isFatal: false, isFine: () => config.readOnlyFolder === null },
          {
            reason: 'usage_database_unreadable',
            isFatal: false,
            isFine: () => sql`select 1 from key_activity limit 1`.execute(databases.usage.kysely).then(() => true),
          },
          {
            reason: 'outbox_late',
            isFatal: false,
            isFine: async () => {
              const { oldestAtMs } = await outbox.backlog();
              return oldestAtMs === null || clock.nowMs() - oldestAtMs < LATE_MS;
            },
          },
        ],
        { version, schema: databases.schema },
      ),
    metrics: createMetrics([
      () => [
        {
          name: 'gatehouse_build_info',
          help: 'The version of this program.',
          type: 'gauge',
          samples: [{ labels: { version, process: 'portal' }, value: 1 }],
        },
        durations.family(),
      ],
      outboxFamilies,
    ]),
  };
  return { operations, durations, canSave: () => config.readOnlyFolder === null && probe.wasWritten() };
}
