import type { WatchedPortal } from './watched-portal.ts';

let count = 0;

/** A form for a policy that hits nobody; no two have the same title. */
export function policyForm(): Record<string, string> {
  count += 1;
  return { title: `No HTTP Basic ${count}`, reason: '', scope: '', environment: 'all', rule: 'basic_refused' };
}

/** Adds a draft. */
export async function addPolicy(portal: WatchedPortal, session: string): Promise<{ policyId: string }> {
  const added = await portal.send({ path: '/owner/policies/new', session, form: policyForm() });
  const policyId = /pol_\w+$/.exec(added.headers.get('location')?.[0] ?? '')?.[0];
  if (!policyId) throw new Error(`no policy added: ${added.status}`);
  return { policyId };
}

/** Adds one that everybody may read, at `/policies/announced-in-the-matrix`. */
export async function announcePolicy(portal: WatchedPortal, session: string): Promise<void> {
  const form = { ...policyForm(), title: 'Announced in the matrix' };
  const added = await portal.send({ path: '/owner/policies/new', session, form });
  const path = added.headers.get('location')?.[0] ?? '';
  const moved = await portal.send({ path: `${path}/stage`, session, form: { to: 'announced', revision: '1' } });
  if (moved.status !== 303) throw new Error(`no policy announced: ${moved.status}`);
}
