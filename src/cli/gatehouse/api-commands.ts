import { readFile } from 'node:fs/promises';

import { type Command, type Work, isGiven, textOption } from './command.ts';
import { type Outcome, type Report, done, failure, wrongUse } from './outcome.ts';
import { table, timeCell } from './table.ts';
import { plainText } from './terminal.ts';

/** OpenAPI documents, for owners and their pipelines. */
export const apiCommands: readonly Command[] = [
  {
    name: 'apis push',
    words: '<api> <version> <file>',
    summary: 'push an OpenAPI document; for owners',
    details:
      'Checks and lints it, and tells what differs from the published document and whom that affects. Without --publish it waits as a candidate for a decision in the portal.',
    options: [
      ['--publish', 'publish it, unless something breaks clients'],
      ['--allow-breaking', 'with --publish: also what breaks clients'],
      ['--fail-on <level>', 'ends with 1, and publishes nothing, when the lint finds an error, or a warning at least'],
      ['--note <note>', 'why, for the history and the audit log'],
    ],
    examples: [
      'gatehouse apis push parcels v2 openapi.yaml',
      'gatehouse apis push parcels v2 openapi.yaml --publish --fail-on error --note "Release 2.5"',
    ],
    needsToken: true,
    run: push,
  },
  {
    name: 'apis revisions',
    words: '<api> <version>',
    summary: 'list what was pushed and published; for owners',
    examples: ['gatehouse apis revisions parcels v2'],
    needsToken: true,
    run: listRevisions,
  },
  {
    name: 'apis publish',
    words: '<api> <version> <revision>',
    summary: 'publish a candidate, or roll back to an earlier revision; for owners',
    options: [
      ['--allow-breaking', 'also what breaks clients'],
      ['--note <note>', 'why, for the history and the audit log'],
    ],
    examples: ['gatehouse apis publish parcels v2 7', 'gatehouse apis publish parcels v2 6 --note "Back to 2.4"'],
    needsToken: true,
    run: publish,
  },
];

interface RevisionRecord {
  number: number;
  state: string;
  origin: string;
  note: string;
  createdBy: string;
  createdAt: string;
  documentVersion: string;
  operations: number;
  url: string;
}

interface ReportRecord {
  revision: RevisionRecord;
  publishedRevision: number;
  lint: {
    gaveUp: string | null;
    errors: number;
    warnings: number;
    hints: number;
    findings: readonly {
      rule: string;
      level: string;
      title: string;
      count: number;
      places: readonly { line: number; column: number; text: string }[];
    }[];
  } | null;
  changes: { state: string; breaking: number; warnings: number; others: number };
  affected: { keys: number; teams: number; calls: number };
}

async function push(work: Work): Promise<Outcome<Report>> {
  const [api = '', version = '', file = ''] = work.words;
  const failOn = textOption(work, 'failOn');
  if (failOn !== undefined && failOn !== 'error' && failOn !== 'warning')
    return wrongUse('--fail-on is error or warning.');
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    return failure('wrongUse', 'wrong_use', `${file} cannot be read: ${(error as NodeJS.ErrnoException).code ?? ''}`);
  }
  const note = textOption(work, 'note');
  const path = `${pathOf(api, version)}/document${note === undefined ? '' : `?note=${encodeURIComponent(note)}`}`;
  const type = text.trimStart().startsWith('{') ? 'application/json' : 'application/yaml';
  const pushed = await work.api.call<ReportRecord>('PUT', path, { document: { text, type } });
  if (!pushed.ok) return pushed;
  const report = pushed.value;
  const found = (report.lint?.errors ?? 0) + (failOn === 'warning' ? (report.lint?.warnings ?? 0) : 0);
  if (failOn !== undefined && found > 0) {
    work.terminal.writeError(reportText(report));
    return failure('failed', 'lint_findings', `The lint found what --fail-on ${failOn} names; nothing was published.`);
  }
  if (!isGiven(work, 'publish') || report.revision.state === 'published') return told(report);
  const published = await publishRevision(work, pathOf(api, version), report.revision.number, report.publishedRevision);
  if (!published.ok && !isGiven(work, 'json')) work.terminal.writeError(reportText(report));
  return published.ok ? told({ ...report, revision: published.value.revision }) : published;
}

async function listRevisions({ api, words: [slug = '', version = ''] }: Work): Promise<Outcome<Report>> {
  const path = `${pathOf(slug, version)}/revisions`;
  const answer = await api.call<{ publishedRevision: number; revisions: readonly RevisionRecord[] }>('GET', path);
  if (!answer.ok) return answer;
  const rows = answer.value.revisions.map((one) => [
    String(one.number),
    one.state,
    one.documentVersion,
    timeCell(one.createdAt),
    one.createdBy,
    one.note,
  ]);
  const text = table(['REVISION', 'STATE', 'DOCUMENT', 'BROUGHT (UTC)', 'BY', 'WHY'], rows, 'Nothing was pushed yet.');
  return done({ data: answer.value, text });
}

async function publish(work: Work): Promise<Outcome<Report>> {
  const [api = '', version = '', number = ''] = work.words;
  if (!/^[1-9]\d{0,8}$/.test(number)) return wrongUse('The revision is a number, such as 7.');
  const path = pathOf(api, version);
  const before = await work.api.call<ReportRecord>('GET', `${path}/revisions/${number}`);
  if (!before.ok) return before;
  const published = await publishRevision(work, path, Number(number), before.value.publishedRevision);
  return published.ok ? told(published.value) : published;
}

function publishRevision(work: Work, path: string, number: number, publishedRevision: number) {
  const body = {
    publishedRevision,
    allowBreaking: isGiven(work, 'allowBreaking'),
    note: textOption(work, 'note') ?? '',
  };
  return work.api.call<ReportRecord>('POST', `${path}/revisions/${number}/publication`, { body });
}

function pathOf(api: string, version: string): string {
  return `/apis/${encodeURIComponent(api)}/versions/${encodeURIComponent(version)}`;
}

function told(report: ReportRecord): Outcome<Report> {
  return done({ data: report, text: reportText(report) });
}

function reportText({ revision, lint, changes, affected }: ReportRecord): string {
  const lines = [`Revision ${revision.number} is ${revision.state === 'candidate' ? 'a candidate' : revision.state}.`];
  if (changes.state === 'compared')
    lines.push(`Changes: ${changes.breaking} breaking, ${changes.warnings} may break, ${changes.others} safe.`);
  if (affected.keys > 0)
    lines.push(
      `Affected in the last 30 days: ${affected.keys} keys of ${affected.teams} teams, ${affected.calls} calls.`,
    );
  if (lint) lines.push(...lintLines(lint));
  if (revision.state === 'candidate') lines.push(`Decide at ${revision.url}`);
  return `${lines.map(plainText).join('\n')}\n`;
}

function lintLines({ gaveUp, errors, warnings, hints, findings }: NonNullable<ReportRecord['lint']>): string[] {
  if (gaveUp !== null) return [`Lint: ${gaveUp}`];
  const shown = findings.filter(({ level }) => level !== 'info');
  return [
    `Lint: ${errors} errors, ${warnings} warnings, ${hints} hints.`,
    ...shown.map(({ rule, level, title, count, places: [first] }) => {
      const place = first ? `, first at ${first.line}:${first.column}: ${first.text}` : '';
      return `  ${level} ${rule} (${title}): ${count}${place}`;
    }),
  ];
}
