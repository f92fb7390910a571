import type { WatchedPortal } from './watched-portal.ts';

let count = 0;

/** A form for a notice that concerns an API without callers; no two have the same title. */
export function noticeForm(): Record<string, string> {
  count += 1;
  return {
    ...{ kind: 'change', title: `Something changes ${count}`, summary: 'Nothing to do.', text: 'Read on.' },
    ...{ api: 'gatehouse', effective: '', revision: '0', action: 'save' },
  };
}

/** Adds a draft. */
export async function addNotice(portal: WatchedPortal, session: string): Promise<{ noticeId: string }> {
  const added = await portal.send({ path: '/owner/notices/new', session, form: noticeForm() });
  const noticeId = /ntc_\w+$/.exec(added.headers.get('location')?.[0] ?? '')?.[0];
  if (!noticeId) throw new Error(`no notice added: ${added.status}`);
  return { noticeId };
}
