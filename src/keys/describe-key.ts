import type { Application } from '../applications/application.ts';
import type { ApplicationStore } from '../applications/application-store.ts';
import type { Clock } from '../platform/clock.ts';
import { type ApiKey, keyStateAt } from './api-key.ts';
import { parseToken } from './key-secret.ts';
import type { KeyStore } from './key-store.ts';
import { type Peppers, findByToken } from './pepper.ts';

export interface DescribeKeyDeps {
  applications: ApplicationStore;
  keys: KeyStore;
  clock: Clock;
  peppers: Peppers;
  prefix: string;
}

/** The key behind a token and its application; null unless the key is active, whatever the cause. */
export async function describeKey(
  deps: DescribeKeyDeps,
  token: string,
): Promise<{ key: ApiKey; application: Application } | null> {
  const nowMs = deps.clock.nowMs();
  if (!parseToken(deps.prefix, token)) return null;
  const key = await findByToken(deps.keys, deps.peppers, token);
  if (!key || keyStateAt(key, nowMs) !== 'active') return null;
  const application = await deps.applications.findById(key.applicationId);
  return application && { key, application };
}
