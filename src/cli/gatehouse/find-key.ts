import type { ApiClient } from './api-client.ts';
import { findApplication } from './find-application.ts';
import { type Outcome, done, failure, wrongUse } from './outcome.ts';
import type { ApplicationRecord, KeyRecord } from './records.ts';

/** How somebody named a key: by its id or its name, and perhaps the application by its id or its name. */
export interface KeyReference {
  key: string;
  application: string | undefined;
}

/** The key itself: by its id, or the newest of that name that was not replaced. */
export async function findKey(api: ApiClient, reference: KeyReference): Promise<Outcome<KeyRecord>> {
  const keys = await keysFor(api, reference);
  if (!keys.ok) return keys;
  return onlyKey(reference, named(keys.value, reference.key).filter(byIdOr(reference, ({ replaced }) => !replaced)));
}

/** The key that took its place, and so on to the one that nothing has replaced: what a script rotates next. */
export async function findNewestKey(api: ApiClient, reference: KeyReference): Promise<Outcome<KeyRecord>> {
  const found = await findKey(api, reference);
  if (!found.ok) return found;
  let key = found.value;
  while (key.replaced) {
    const next: Outcome<KeyRecord> = await api.call('GET', keyPath({ ...key, id: key.replaced.byKeyId }));
    if (!next.ok) return next;
    key = next.value;
  }
  return done(key);
}

/** The old one of two keys that both work: by its own id, by that of the key that replaced it, or by their name. */
export async function findOldKey(api: ApiClient, reference: KeyReference): Promise<Outcome<KeyRecord>> {
  const keys = await keysFor(api, reference);
  if (!keys.ok) return keys;
  const inOverlap = keys.value.filter(({ replaced, state }) => replaced !== null && state === 'active');
  const old = inOverlap.filter(({ id, name, replaced }) => [id, name, replaced?.byKeyId].includes(reference.key));
  if (old.length === 0) {
    return failure('failed', 'not_in_overlap', `No old key works beside "${reference.key}": there is nothing to end.`);
  }
  return onlyKey(reference, old);
}

/** Below `/api/v1`. */
export function keyPath({ applicationId, id }: Pick<KeyRecord, 'applicationId' | 'id'>): string {
  return `/applications/${encodeURIComponent(applicationId)}/keys/${encodeURIComponent(id)}`;
}

/** Keys of the application that was named; for an id without one, those of all applications. */
async function keysFor(api: ApiClient, { key, application }: KeyReference): Promise<Outcome<readonly KeyRecord[]>> {
  if (application !== undefined || !key.startsWith('key_')) {
    const found = await findApplication(api, application);
    return found.ok ? listKeys(api, found.value.id) : found;
  }
  const all = await api.list<ApplicationRecord>('/applications', 'applications');
  if (!all.ok) return all;
  for (const { id } of all.value) {
    const keys = await listKeys(api, id);
    if (!keys.ok || keys.value.some((one) => one.id === key)) return keys;
  }
  return done([]);
}

export function listKeys(api: ApiClient, applicationId: string): Promise<Outcome<readonly KeyRecord[]>> {
  return api.list<KeyRecord>(`/applications/${encodeURIComponent(applicationId)}/keys`, 'keys');
}

function named(keys: readonly KeyRecord[], key: string): readonly KeyRecord[] {
  const byId = keys.filter(({ id }) => id === key);
  return byId.length > 0 ? byId : keys.filter(({ name, state }) => name === key && state !== 'revoked');
}

/** An id means that key, whatever its state. */
function byIdOr({ key }: KeyReference, test: (one: KeyRecord) => boolean): (one: KeyRecord) => boolean {
  return (one) => one.id === key || test(one);
}

function onlyKey({ key }: KeyReference, found: readonly KeyRecord[]): Outcome<KeyRecord> {
  const [only, ...others] = found;
  if (!only) return failure('notFound', 'not_found', `There is no key "${key}". Run: gatehouse keys list`);
  if (others.length === 0) return done(only);
  const ids = found.map(({ id, firstFour }) => `${id} (${firstFour}...)`).join(', ');
  return wrongUse(`There are ${found.length} keys "${key}". Name one by its id: ${ids}`);
}
