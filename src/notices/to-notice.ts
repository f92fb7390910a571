import { renderMarkdown } from '../platform/markdown.ts';
import { cvssScore } from './cvss.ts';
import type { Advisory, Change, Deprecation, Incident, Notice } from './notice.ts';
import { type FileFields, weaknessOf } from './notice-fields.ts';

/** Makes a notice of checked fields and its text in Markdown. */
export function toNotice(slug: string, fields: FileFields, markdown: string): Notice {
  const base = {
    slug,
    title: fields.title,
    summary: fields.summary,
    publishedAtMs: Date.parse(fields.published),
    updatedAtMs: timeOf(fields.updated),
    corrections: fields.corrections
      .map(({ at, reason }) => ({ atMs: Date.parse(at), reason }))
      .sort((a, b) => b.atMs - a.atMs),
    affects: fields.affects.map(({ api, versions, operations, plans = [], keys = [] }) => ({
      ...{ api, versions, operations },
      ...(plans.length > 0 && { plans }),
      ...(keys.length > 0 && { keys }),
    })),
    html: renderMarkdown(markdown).html,
  };
  return { ...base, ...ownFieldsOf(fields) };
}

type Own<One extends Notice> = Omit<One, keyof Omit<Change, 'kind' | 'effectiveAtMs'>>;

function ownFieldsOf(fields: FileFields): Own<Advisory> | Own<Deprecation> | Own<Change> | Own<Incident> {
  switch (fields.kind) {
    case 'advisory':
      return {
        kind: 'advisory',
        severity: fields.severity,
        fixedIn: fields.fixed_in ?? null,
        ids: fields.ids,
        cvss: fields.cvss === undefined ? null : cvssScore(fields.cvss),
        weakness: weaknessOf(fields.cwe),
        workaround: fields.workaround ?? null,
        credit: fields.credit,
      };
    case 'deprecation':
      return {
        kind: 'deprecation',
        deprecatedAtMs: Date.parse(fields.deprecated),
        sunsetAtMs: Date.parse(fields.sunset),
        replacement: fields.replacement ?? null,
        guide: fields.guide ?? null,
      };
    case 'change':
      return { kind: 'change', effectiveAtMs: timeOf(fields.effective) };
    case 'incident': {
      const timeline = fields.timeline.map(({ at, status, text }) => ({ atMs: Date.parse(at), status, text }));
      return {
        kind: 'incident',
        startedAtMs: Date.parse(fields.started),
        timeline,
        tellings: tellingsOf(fields, timeline),
        review: fields.review === undefined ? null : renderMarkdown(fields.review, { isEmbedded: true }).html,
      };
    }
  }
}

/** Of a file: each entry that was written after the publication is told. */
function tellingsOf({ published, updated }: FileFields, timeline: Incident['timeline']): number[] {
  const publishedAtMs = Date.parse(published);
  const later = timeline.map(({ atMs }) => atMs).filter((atMs) => atMs > publishedAtMs);
  return [timeOf(updated) ?? publishedAtMs, ...later];
}

function timeOf(text: string | undefined): number | null {
  return text === undefined ? null : Date.parse(text);
}
