import type { APIContext } from 'astro';

import type { Actor } from '../../accounts/account.ts';
import type { WrittenNoticeView } from '../../editor/read-written-notices.ts';
import { enterAsOwner } from '../guard.ts';

export interface EnteredNotice {
  actor: Actor;
  view: WrittenNoticeView;
  /** Of its page; its forms stand below it. */
  path: string;
  /** Down to its page. */
  trail: readonly { href: string; text: string }[];
}

/** The owner who asks and the written notice that the address names; null for everybody else, and when there is none. */
export async function enterNotice({
  locals,
  params,
}: Pick<APIContext, 'locals' | 'params'>): Promise<EnteredNotice | null> {
  const actor = enterAsOwner(locals.signedIn);
  const view = actor && (await locals.portal.noticeEditor.view(actor, params.noticeId ?? ''));
  if (!view) return null;
  const path = `/owner/notices/drafts/${view.written.id}`;
  const trail = [
    { href: '/owner', text: 'Owner' },
    { href: '/owner/notices', text: 'Notices' },
    { href: path, text: view.written.draft.fields.title },
  ];
  return { actor, view, path, trail };
}
