import type { Actor } from '../accounts/account.ts';
import type { DifferenceLibrary } from '../difference/difference-library.ts';
import { draftChangeNotice } from '../difference/draft-change-notice.ts';
import { countsSentence } from '../difference/finding-words.ts';
import { type DraftNoticeDeps, type DraftNoticeResult, draftNotice } from './draft-notice.ts';

export interface ChangesRequest {
  api: string;
  /** Version lines. */
  from: string;
  to: string;
}

const TITLE_MAX_LENGTH = 120;
const SUMMARY_MAX_LENGTH = 300;

/** A first draft about what differs between two versions, for those who call the older one. */
export async function draftFromDifference(
  deps: DraftNoticeDeps & { differences: Pick<DifferenceLibrary, 'between'> },
  actor: Pick<Actor, 'role' | 'accountId'>,
  { api, from, to }: ChangesRequest,
): Promise<DraftNoticeResult | { ok: false; reason: 'too_much' }> {
  if (actor.role !== 'owner') return { ok: false, reason: 'not_found' };
  const compared = await deps.differences.between(api, from, to);
  if (!compared.ok) return { ok: false, reason: compared.reason === 'not_found' ? 'not_found' : 'too_much' };
  const { title, markdown: text } = draftChangeNotice(compared.difference);
  const fields = {
    kind: 'change' as const,
    title: title.slice(0, TITLE_MAX_LENGTH),
    summary: countsSentence(compared.difference).slice(0, SUMMARY_MAX_LENGTH),
    affects: [{ api, versions: [from], operations: [] }],
  };
  return draftNotice(deps, actor, { fields, text: text.trimEnd() });
}
