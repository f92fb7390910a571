import type { APIContext } from 'astro';

import type { Actor } from '../../accounts/account.ts';
import type { OwnerKey } from '../../portal/portal.ts';
import { enterAsOwner, notFound } from '../guard.ts';
import type { Barred } from '../keys/enter-key.ts';

export interface EnteredOwnerKey {
  ok: true;
  actor: Actor;
  found: OwnerKey;
  /** Of the key's page for owners; its forms stand below it. */
  path: string;
}

/** The owner who asks, and the key that the address names, whoever's it is; for everybody else there is nothing. */
export async function enterOwnerKey({
  locals,
  params,
}: Pick<APIContext, 'locals' | 'params'>): Promise<EnteredOwnerKey | Barred> {
  const actor = enterAsOwner(locals.signedIn);
  const found = actor && (await locals.portal.keys.findForOwner(actor, params.keyId ?? ''));
  if (!actor || !found) return { ok: false, answer: notFound() };
  return { ok: true, actor, found, path: `/owner/keys/${found.key.id}` };
}
