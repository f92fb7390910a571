import type { Transaction } from 'kysely';

import type { AuditRecord } from '../audit/audit-log.ts';
import { enqueue } from '../database/outbox.ts';
import type { PortalEvent, PortalEventData } from '../platform/portal-event.ts';
import type { Random } from '../platform/random.ts';
import type { PortalSchema } from '../database/schema.ts';
import type { ApiKey } from './api-key.ts';

export type KeyEventType = Extract<PortalEvent['type'], `key.${string}`>;

/** What an event tells beside which key it is about. */
export type KeyEventFacts<Type extends KeyEventType> = Omit<PortalEventData<Type>, 'keyId' | 'keyName' | 'environment'>;

/** Queues an event about a key, in the transaction of the change it tells of. */
export async function tellOfKey<Type extends KeyEventType>(
  transaction: Transaction<PortalSchema>,
  key: Pick<ApiKey, 'id' | 'name' | 'environment' | 'applicationId'>,
  type: Type,
  facts: KeyEventFacts<Type>,
  { atMs, teamId }: Pick<AuditRecord, 'atMs' | 'teamId'>,
  random: Random,
): Promise<void> {
  const data = { keyId: key.id, keyName: key.name, environment: key.environment, ...facts };
  // The compiler does not see that type and data belong together once the type is a parameter.
  const payload = { type, teamId, applicationId: key.applicationId, atMs, data } as unknown as PortalEvent;
  await enqueue(transaction, { kind: 'event', payload, random, nowMs: atMs });
}
