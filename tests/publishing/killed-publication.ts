import type { Actor } from '../../src/accounts/account.ts';
import { openDatabase } from '../../src/database/database.ts';
import type { PortalSchema, UsageSchema } from '../../src/database/schema.ts';
import { pressOn } from './press.ts';
import { type Change, makeChange } from './publishing-changes.ts';
import { watchStatements } from './statement-faults.ts';

/** A process of its own that makes one change on a real SQLite file and kills itself before the n-th statement. */
export interface KilledPublication {
  url: string;
  usageUrl: string;
  statements: number;
  change: Change;
  actor: Actor;
  nowMs: number;
}

const { url, usageUrl, statements, change, actor, nowMs } = JSON.parse(process.argv[2] ?? '') as KilledPublication;
const portal = openDatabase<PortalSchema>({ url });
const press = pressOn(portal, openDatabase<UsageSchema>({ url: usageUrl }), { nowMs });
watchStatements((done) => {
  if (done === statements) process.kill(process.pid, 'SIGKILL');
});
await makeChange(change, press, actor);
