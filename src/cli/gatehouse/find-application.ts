import type { ApiClient } from './api-client.ts';
import { type Outcome, done, failure, wrongUse } from './outcome.ts';
import type { ApplicationRecord } from './records.ts';

/** By id or by name; without either, the only one that there is. */
export async function findApplication(api: ApiClient, named: string | undefined): Promise<Outcome<ApplicationRecord>> {
  if (named?.startsWith('app_')) return api.call('GET', `/applications/${encodeURIComponent(named)}`);
  const all = await api.list<ApplicationRecord>('/applications', 'applications');
  if (!all.ok) return all;
  const found = named === undefined ? all.value : all.value.filter(({ name }) => name === named);
  const [only, ...others] = found;
  if (only && others.length === 0) return done(only);
  if (only) return wrongUse(`There are ${found.length} applications here. Name one by its id: ${idsOf(found)}`);
  return named === undefined
    ? failure('notFound', 'not_found', 'You have no application yet. Run: gatehouse applications create --name NAME')
    : failure('notFound', 'not_found', `There is no application "${named}". Run: gatehouse applications list`);
}

function idsOf(applications: readonly ApplicationRecord[]): string {
  return applications.map(({ id, name }) => `${id} (${name})`).join(', ');
}
