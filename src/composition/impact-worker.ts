import { parentPort, workerData } from 'node:worker_threads';

import { createNoticeAudienceStore } from '../notices/notice-audience-store.ts';
import { createNoticeResponseStore } from '../notices/notice-response-store.ts';
import { createImpactReader } from '../notices/read-notice-impact.ts';
import { openDatabase } from '../database/database.ts';
import type { PortalSchema, UsageSchema } from '../database/schema.ts';
import { connectThreads } from '../platform/thread-calls.ts';
import { createApiUsageStore } from '../usage/api-usage-store.ts';
import type { ImpactFunctions, ImpactStart } from './impact-thread.ts';

/** The thread that `impact-thread.ts` begins. It writes nothing. */
const { databaseUrl, usageDatabaseUrl } = workerData as ImpactStart;
const portal = openDatabase<PortalSchema>({ url: databaseUrl, readOnly: true });
const usage = openDatabase<UsageSchema>({ url: usageDatabaseUrl, readOnly: true });

if (!parentPort) throw new Error('impact-worker.ts is a thread of the portal');
connectThreads(parentPort, {
  read: createImpactReader({
    audience: createNoticeAudienceStore(portal),
    responses: createNoticeResponseStore(portal),
    usage: createApiUsageStore(usage),
  }),
} satisfies ImpactFunctions);
