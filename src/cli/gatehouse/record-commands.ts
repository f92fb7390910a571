import { csvLine } from '../../platform/csv.ts';
import { type Command, type Work, isGiven, textOption } from './command.ts';
import { type Outcome, type Report, done, wrongUse } from './outcome.ts';
import { table, timeCell } from './table.ts';

/** Webhooks and the audit log. */
export const recordCommands: readonly Command[] = [
  {
    name: 'webhooks list',
    summary: 'list the webhooks of your teams',
    examples: ['gatehouse webhooks list'],
    needsToken: true,
    run: listWebhooks,
  },
  {
    name: 'webhooks test',
    words: '<webhook>',
    summary: 'send a test event to a webhook',
    examples: ['gatehouse webhooks test hook_3Vb8dYq1XsLm5RtZc0Kw'],
    needsToken: true,
    run: testWebhook,
  },
  {
    name: 'webhooks deliveries',
    words: '<webhook>',
    summary: 'list what was sent to a webhook in the last 30 days',
    examples: ['gatehouse webhooks deliveries hook_3Vb8dYq1XsLm5RtZc0Kw'],
    needsToken: true,
    run: listDeliveries,
  },
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

interface WebhookRecord {
  id: string;
  url: string;
  isOn: boolean;
  failingSince: string | null;
}

interface DeliveryRecord {
  id: string;
  eventType: string;
  state: string;
  createdAt: string;
  attempts: number;
}

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

async function listWebhooks({ api }: Work): Promise<Outcome<Report>> {
  const answer = await api.call<{ webhooks: readonly WebhookRecord[] }>('GET', '/webhooks');
  if (!answer.ok) return answer;
  const rows = answer.value.webhooks.map(({ id, url, isOn, failingSince }) => [
    id,
    isOn ? (failingSince === null ? 'on' : 'failing') : 'off',
    url,
  ]);
  return done({ data: answer.value, text: table(['ID', 'STATE', 'URL'], rows, 'No webhooks.') });
}

async function testWebhook({ api, words: [id = ''] }: Work): Promise<Outcome<Report>> {
  const answer = await api.call<{ deliveryId: string }>('POST', `/webhooks/${encodeURIComponent(id)}/test`);
  if (!answer.ok) return answer;
  return done({ data: answer.value, text: `Queued ${answer.value.deliveryId}.\n` });
}

async function listDeliveries({ api, words: [id = ''] }: Work): Promise<Outcome<Report>> {
  const path = `/webhooks/${encodeURIComponent(id)}/deliveries`;
  const first = await api.call<{ deliveries: readonly DeliveryRecord[]; nextCursor: string | null }>('GET', path);
  if (!first.ok) return first;
  const rows = first.value.deliveries.map((delivery) => [
    timeCell(delivery.createdAt),
    delivery.state,
    String(delivery.attempts),
    delivery.eventType,
    delivery.id,
  ]);
  const text = table(['AT (UTC)', 'STATE', 'ATTEMPTS', 'EVENT', 'ID'], rows, 'Nothing was sent.');
  return done({ data: first.value, text });
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
