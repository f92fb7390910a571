import { startWebhookDelivery } from '../../src/jobs/deliver-webhooks.ts';
import { openDatabase } from '../../src/database/database.ts';
import { createLog } from '../../src/platform/log.ts';
import { systemRandom } from '../../src/platform/random.ts';
import type { PortalSchema } from '../../src/database/schema.ts';
import { createWebhookDispatchStore } from '../../src/webhooks/webhook-dispatch-store.ts';

/** Delivers webhooks in a process of its own, to be killed: `node delivery-worker.ts <database> <clock ms>`. */
const [url = '', nowMs = ''] = process.argv.slice(2);
startWebhookDelivery({
  dispatch: createWebhookDispatchStore(openDatabase<PortalSchema>({ url })),
  sessionSecret: new TextEncoder().encode('a secret of thirty-two characters'),
  policy: { allowPrivate: true, ports: [] },
  resolveName: () => Promise.resolve(['127.0.0.1']),
  userAgent: 'Gatehouse/test',
  clock: { nowMs: () => Number(nowMs) },
  random: systemRandom,
  log: createLog('test', 'warn'),
});
