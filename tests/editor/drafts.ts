import type { NoticeDraft } from '../../src/editor/written-notice.ts';

/** Notices as owners write them, about version 1 of the parcels API. */

const common = {
  title: 'Version 1 ends',
  summary: 'Move to version 2.',
  affects: [{ api: 'parcels', versions: ['v1'], operations: [] }],
};

export function deprecationDraft(changes: Partial<Extract<NoticeDraft['fields'], { kind: 'deprecation' }>> = {}) {
  const dates = { deprecated: '2026-11-24', sunset: '2027-06-01' };
  const fields = { kind: 'deprecation' as const, ...common, ...dates, replacement: '/docs/parcels/v2', ...changes };
  return { fields, text: '## What changes\n\nIt ends.' } satisfies NoticeDraft;
}

export function incidentDraft(at: string): NoticeDraft {
  const timeline = [{ at, status: 'investigating' as const, text: 'Lists answer slowly.' }];
  return {
    fields: { kind: 'incident', ...common, title: 'Lists are slow', started: at, timeline },
    text: 'We are on it.',
  };
}

export const owner = { role: 'owner', accountId: 'acc_owner' } as const;
export const secondOwner = { role: 'owner', accountId: 'acc_second' } as const;
export const developer = { role: 'developer', accountId: 'acc_developer' } as const;
