import { diffWordsWithSpace } from 'diff';

import type { DraftFields } from '../notices/notice-fields.ts';
import type { NoticeDraft } from './written-notice.ts';

/** A run of words that stayed, came or went. */
export interface WordSpan {
  text: string;
  change: 'same' | 'added' | 'removed';
}

/** One part of a notice that is not the same in two wordings. */
export interface PartDifference {
  /** As the form calls it. */
  name: string;
  spans: readonly WordSpan[];
}

/** Texts that have next to nothing in common take long to compare; whole texts are shown then. */
const LONGEST_MS = 200;

/** What is different, word by word, part by part; none when nothing is. */
export function draftDifference(old: NoticeDraft, now: NoticeDraft): PartDifference[] {
  const [before, after] = [partsOf(old), partsOf(now)];
  const names = [...new Set([...before.keys(), ...after.keys()])];
  return names.flatMap((name) => {
    const [from, to] = [before.get(name) ?? '', after.get(name) ?? ''];
    return from === to ? [] : [{ name, spans: wordDifference(from, to) }];
  });
}

export function wordDifference(old: string, now: string): WordSpan[] {
  const changes = diffWordsWithSpace(old, now, { timeout: LONGEST_MS });
  if (!changes) {
    const whole: WordSpan[] = [
      { text: old, change: 'removed' },
      { text: now, change: 'added' },
    ];
    return whole.filter(({ text }) => text !== '');
  }
  return changes.map(({ value, added, removed }) => ({
    text: value,
    change: added ? 'added' : removed ? 'removed' : 'same',
  }));
}

/** Every part as text, by its name; not the keys that it names, which are nobody's business. */
function partsOf({ fields, text }: NoticeDraft): Map<string, string> {
  const parts: [string, string | undefined][] = [
    ['Title', fields.title],
    ['Summary', fields.summary],
    ['Concerns', fields.affects.map(affectedText).join('\n')],
    ...ownParts(fields),
    ['Text', text],
  ];
  return new Map(parts.flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, value]])));
}

function affectedText({ api, versions, operations, plans = [] }: DraftFields['affects'][number]): string {
  const versionText = versions.length === 0 ? 'all versions' : versions.join(', ');
  const operationText = operations.length === 0 ? '' : `: ${operations.join(', ')}`;
  return `${api} ${versionText}${operationText}${plans.length === 0 ? '' : `, plans ${plans.join(', ')}`}`;
}

function ownParts(fields: DraftFields): [string, string | undefined][] {
  switch (fields.kind) {
    case 'advisory':
      return [
        ['Severity', fields.severity],
        ['Fixed in', fields.fixed_in],
        ['Identifiers', fields.ids.join(', ')],
        ['CVSS vector', fields.cvss],
        ['Weakness', fields.cwe],
        ['Until it is fixed', fields.workaround],
        ['Found by', fields.credit.join(', ')],
      ];
    case 'deprecation':
      return [
        ['Deprecated', momentText(fields.deprecated)],
        ['Sunset', momentText(fields.sunset)],
        ['Move to', fields.replacement],
        ['How to move', fields.guide],
      ];
    case 'change':
      return [['Takes effect', fields.effective && momentText(fields.effective)]];
    case 'incident':
      return [
        ['Started', momentText(fields.started)],
        ['Timeline', fields.timeline.map(({ at, status, text }) => `${momentText(at)} ${status}: ${text}`).join('\n')],
        ['Review', fields.review],
      ];
  }
}

/** `2026-11-26T08:05:00.000Z` for people; a day stays as it is. */
function momentText(kept: string): string {
  return kept.length > 10 ? `${new Date(kept).toISOString().slice(0, 16).replace('T', ' ')} UTC` : kept;
}
