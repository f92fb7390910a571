import { csvLine } from '../../platform/csv.ts';
import { type Command, type Work, isGiven, textOption } from './command.ts';
import { type Outcome, type Report, done, wrongUse } from './outcome.ts';

/** The audit log. */
export const recordCommands: readonly Command[] = [
  {
    name: 'audit export',
    summary: 'write who did what, newest first, one entry a line',
    options: [
      ['--format <format>', 'ndjson or csv; ndjson unless you say otherwise'],
      ['--from <day>', 'first day, UTC, such as 2026-11-01'],
      ['--until <day>', 'last day, UTC'],
      ['--area <area>', 'first word of the actions, such as key'],
      ['--all-teams', 'of all teams; for owners'],
    ],
    examples: ['gatehouse audit export --from 2026-11-01 > november.ndjson', 'gatehouse audit export --format csv'],
    needsToken: true,
    run: exportAudit,
  },
];

interface AuditRecord {
  sequence: number;
  at: string;
  actor: string;
  action: string;
  subject: string;
  subjectName: string | null;
  applicationId: string | null;
  teamId: string | null;
  address: string | null;
  details: object;
  hash: string;
}

const auditColumns = [
  'sequence',
  'at',
  'actor',
  'action',
  'subject',
  'subjectName',
  'applicationId',
  'teamId',
  'address',
] as const;

/** Written page by page, so that a long log needs no memory. */
async function exportAudit(work: Work): Promise<Outcome<Report>> {
  const format = textOption(work, 'format') ?? 'ndjson';
  if (format !== 'ndjson' && format !== 'csv') return wrongUse('--format is ndjson or csv.');
  const query = new URLSearchParams();
  for (const name of ['from', 'until', 'area']) {
    const value = textOption(work, name);
    if (value !== undefined) query.set(name, value);
  }
  const entries: AuditRecord[] = [];
  const keepsAll = isGiven(work, 'json');
  const write = format === 'csv' ? auditLine : (entry: AuditRecord) => `${JSON.stringify(entry)}\n`;
  if (format === 'csv' && !keepsAll) work.terminal.writeOut(csvLine([...auditColumns, 'details', 'hash']));
  const path = `${isGiven(work, 'allTeams') ? '/owner/audit' : '/audit'}?${query.toString()}`;
  const read = await work.api.eachPage(path, 'entries', (items) => {
    const page = items as readonly AuditRecord[];
    if (keepsAll) entries.push(...page);
    else work.terminal.writeOut(page.map(write).join(''));
  });
  return read.ok ? done({ data: { entries }, text: '' }) : read;
}

function auditLine(entry: AuditRecord): string {
  return csvLine([...auditColumns.map((column) => entry[column]), JSON.stringify(entry.details), entry.hash]);
}
