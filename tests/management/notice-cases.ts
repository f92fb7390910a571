import type { Desk } from './desk.ts';
import { type OperationCase, type Scene, absent } from './operation-case.ts';

const common = {
  title: 'Lists are slow',
  summary: 'We are looking into it.',
  affects: [{ api: 'parcels', versions: ['v1'], operations: [] }],
};
const fields = {
  kind: 'incident' as const,
  ...common,
  started: '2026-11-24T09:00:00Z',
  timeline: [{ at: '2026-11-24T09:05:00Z', status: 'investigating' as const, text: 'Lists answer slowly.' }],
};
const text = 'What we know.';
const changed = { fields: { ...fields, summary: 'A disk is full.' }, text };
const pathOf = ({ writtenNoticeId }: Scene, rest = ''): string => `/owner/written-notices/${writtenNoticeId}${rest}`;
const NOTHING = `/owner/written-notices/ntc_${'0'.repeat(20)}`;
const later = '2100-03-01T09:00:00Z';

/** An incident that olga has drafted; `prepareNotice` brings it further where an operation needs it. */
export async function draftNoticeOf({ portal, kysely }: Desk, olga: Scene['olga']): Promise<string> {
  await kysely.deleteFrom('written_notice_version').execute();
  await kysely.deleteFrom('written_notice').execute();
  const drafted = await portal.noticeEditor.draft(olga, { fields, text });
  if (!drafted.ok) throw new Error(drafted.reason);
  return drafted.notice.id;
}

export async function prepareNotice(
  operationId: string,
  { portal, kysely }: Desk,
  { olga, writtenNoticeId: id }: Scene,
): Promise<void> {
  const editor = portal.noticeEditor;
  if (operationId === 'approveNotice') await kysely.updateTable('written_notice').set({ authors: '[]' }).execute();
  if (operationId === 'recallNotice') await editor.publish(olga, id, { revision: 1, publishAtMs: Date.parse(later) });
  if (['correctNotice', 'updateIncident', 'withdrawNotice'].includes(operationId))
    await editor.publish(olga, id, { revision: 1, publishAtMs: null });
  if (operationId === 'correctNotice') await editor.redraft(olga, id, { draft: changed, revision: 2 });
}

export const noticeCases: Readonly<Record<string, OperationCase>> = {
  listWrittenNotices: {
    by: 'olga',
    ok: () => ({ path: '/owner/written-notices?limit=5' }),
    answers: ({ writtenNoticeId }) => ({ notices: [{ id: writtenNoticeId, state: 'draft' }], nextCursor: null }),
    refused: () => ({ path: '/owner/written-notices?limit=0', code: 'invalid_parameter' }),
  },
  draftNotice: {
    by: 'olga',
    ok: () => ({ method: 'POST', path: '/owner/written-notices', body: { fields, text } }),
    answers: () => ({ state: 'draft', revision: 1, fields, text, url: null, isApproved: false }),
    refused: () => ({
      method: 'POST',
      path: '/owner/written-notices',
      body: { fields: { ...fields, timeline: [] }, text },
      code: 'invalid_body',
    }),
  },
  getWrittenNotice: {
    by: 'olga',
    ok: (scene) => ({ path: pathOf(scene) }),
    answers: () => ({ state: 'draft', revision: 1 }),
    refused: () => absent('GET', NOTHING),
  },
  redraftNotice: {
    by: 'olga',
    ok: (scene) => ({ method: 'PUT', path: pathOf(scene), body: { ...changed, revision: 1 } }),
    answers: () => ({ revision: 2, fields: { summary: 'A disk is full.' } }),
    refused: (scene) => ({
      method: 'PUT',
      path: pathOf(scene),
      body: { ...changed, revision: 7 },
      code: 'precondition_failed',
    }),
  },
  discardNotice: {
    by: 'olga',
    ok: (scene) => ({ method: 'DELETE', path: pathOf(scene) }),
    refused: () => absent('DELETE', NOTHING),
  },
  getNoticeReach: {
    by: 'olga',
    ok: (scene) => ({ path: pathOf(scene, '/reach') }),
    answers: () => ({ callsThisWeek: 0 }),
    refused: () => absent('GET', `${NOTHING}/reach`),
  },
  approveNotice: {
    by: 'olga',
    ok: (scene) => ({ method: 'PUT', path: pathOf(scene, '/approval'), body: { revision: 1 } }),
    answers: () => ({ isApproved: true, revision: 2 }),
    // She wrote it.
    refused: (scene) => ({
      method: 'PUT',
      path: pathOf(scene, '/approval'),
      body: { revision: 1 },
      code: 'notice_state_conflict',
    }),
  },
  publishNotice: {
    by: 'olga',
    ok: (scene) => ({ method: 'PUT', path: pathOf(scene, '/publication'), body: { revision: 1, publishAt: later } }),
    answers: () => ({ state: 'scheduled', publishedAt: '2100-03-01T09:00:00.000Z', url: null }),
    refused: (scene) => ({
      method: 'PUT',
      path: pathOf(scene, '/publication'),
      body: { revision: 7 },
      code: 'precondition_failed',
    }),
  },
  recallNotice: {
    by: 'olga',
    ok: (scene) => ({ method: 'PUT', path: pathOf(scene, '/recall'), body: { revision: 2 } }),
    answers: () => ({ state: 'draft', publishedAt: null }),
    refused: (scene) => ({
      method: 'PUT',
      path: pathOf(scene, '/recall'),
      body: { revision: 1 },
      code: 'notice_state_conflict',
    }),
  },
  correctNotice: {
    by: 'olga',
    ok: (scene) => ({
      method: 'POST',
      path: pathOf(scene, '/corrections'),
      body: { revision: 3, reason: 'It is the disk.' },
    }),
    answers: () => ({ state: 'published', hasUnpublishedChanges: false, revision: 4 }),
    refused: (scene) => ({
      method: 'POST',
      path: pathOf(scene, '/corrections'),
      body: { revision: 1, reason: 'x' },
      code: 'notice_state_conflict',
    }),
  },
  updateIncident: {
    by: 'olga',
    ok: (scene) => ({
      method: 'POST',
      path: pathOf(scene, '/timeline'),
      body: { revision: 2, status: 'resolved', text: 'It works again.' },
    }),
    answers: () => ({ fields: { timeline: [{}, { status: 'resolved', text: 'It works again.' }] } }),
    refused: (scene) => ({
      method: 'POST',
      path: pathOf(scene, '/timeline'),
      body: { revision: 1, status: 'resolved', text: 'x' },
      code: 'notice_state_conflict',
    }),
  },
  withdrawNotice: {
    by: 'olga',
    ok: (scene) => ({
      method: 'PUT',
      path: pathOf(scene, '/withdrawal'),
      body: { revision: 2, reason: 'It was another portal.' },
    }),
    answers: () => ({ state: 'withdrawn' }),
    refused: (scene) => ({
      method: 'PUT',
      path: pathOf(scene, '/withdrawal'),
      body: { revision: 1, reason: 'x' },
      code: 'notice_state_conflict',
    }),
  },
};
