import { draftNotice } from '../../src/editor/draft-notice.ts';
import { keepReadersCurrent } from '../../src/editor/keep-readers-current.ts';
import { publishNotice } from '../../src/editor/publish-notice.ts';
import type { NoticeDraft } from '../../src/editor/written-notice.ts';
import { deliverNotices } from '../../src/jobs/deliver-notices.ts';
import type { DialectName } from '../../src/database/database.ts';
import { openNewsroom } from '../notices/newsroom.ts';
import { owner } from './drafts.ts';

/** A newsroom whose readers are told at once: nora, who calls version 1, and omar, who calls version 2. */
export async function openPress(dialect: DialectName) {
  const room = await openNewsroom(dialect);
  const [nora, omar] = [await room.addConsumer('nora'), await room.addConsumer('omar')];
  await room.call(nora, 12);
  await room.call(omar, 5, { version: 'v2' });
  for (const { accountId } of [nora, omar]) {
    const choice = { account_id: accountId, mail: 'immediate' as const, changed_at_ms: 1 };
    await room.db.insertInto('notice_preference').values(choice).execute();
  }
  const keep = () => keepReadersCurrent(room.deps);
  /** What the job does every few seconds. */
  const look = () => deliverNotices({ ...room.deps, keepReadersCurrent: keep });
  await look();

  async function drafted(draft: NoticeDraft): Promise<string> {
    const result = await draftNotice(room.deps, owner, draft);
    if (!result.ok) throw new Error(result.reason);
    return result.notice.id;
  }
  async function published(draft: NoticeDraft): Promise<string> {
    const id = await drafted(draft);
    const result = await publishNotice(room.deps, owner, id, { revision: 1, publishAtMs: null });
    if (!result.ok) throw new Error(result.reason);
    await keep();
    return id;
  }
  return {
    ...{ ...room, nora, keep, look, drafted, published },
    later: (ms: number): void => void (room.time.nowMs += ms),
    revisionOf: async (id: string): Promise<number> => (await room.deps.store.find(id))?.revision ?? 0,
    mailed: async (): Promise<string[]> => (await room.queued('mail.notice')).map(({ accountId }) => accountId),
  };
}

export type Press = Awaited<ReturnType<typeof openPress>>;
