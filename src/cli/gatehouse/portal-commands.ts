import { type Command, type Work, textOption } from './command.ts';
import { createApplication } from './create-application.ts';
import { findApplication } from './find-application.ts';
import { type Outcome, type Report, done, wrongUse } from './outcome.ts';
import type { ApplicationRecord, UsageRecord } from './records.ts';
import { table, timeCell } from './table.ts';

/** Applications, usage and notices. */
export const portalCommands: readonly Command[] = [
  {
    name: 'applications list',
    summary: 'list your applications',
    examples: ['gatehouse applications list'],
    needsToken: true,
    run: listApplications,
  },
  {
    name: 'applications create',
    summary: 'create an application',
    details: 'When the answer is lost, run the same command again: it makes no second one.',
    options: [
      ['--name <name>', 'for people'],
      ['--description <text>', 'for people'],
      ['--subscribe <api/plan>', 'subscribe it to an API on a plan, such as parcels/free'],
    ],
    examples: ['gatehouse applications create --name "Tea shop" --subscribe parcels/free'],
    needsToken: true,
    run: createApplication,
  },
  {
    name: 'usage',
    words: '[application]',
    summary: 'show calls by day and what is left of the quotas',
    options: [['--days <number>', 'how many days, today included; 7 unless you say otherwise']],
    examples: ['gatehouse usage', 'gatehouse usage "Tea shop" --days 30 --json'],
    needsToken: true,
    run: usage,
  },
  {
    name: 'notices list',
    summary: 'list the notices that concern your keys',
    examples: ['gatehouse notices list'],
    needsToken: true,
    run: listNotices,
  },
  {
    name: 'notices acknowledge',
    words: '<notice>',
    summary: 'tell the provider that you have dealt with a notice',
    examples: ['gatehouse notices acknowledge 2026-09-15-tls-1-2-required'],
    needsToken: true,
    run: acknowledge,
  },
];

async function listApplications({ api }: Work): Promise<Outcome<Report>> {
  const all = await api.list<ApplicationRecord>('/applications', 'applications');
  if (!all.ok) return all;
  const rows = all.value.map(({ name, id, createdAt }) => [name, id, timeCell(createdAt)]);
  const empty = 'No applications yet. Run: gatehouse applications create --name NAME';
  return done({ data: { applications: all.value }, text: table(['NAME', 'ID', 'CREATED (UTC)'], rows, empty) });
}

async function usage(work: Work): Promise<Outcome<Report>> {
  const days = textOption(work, 'days') ?? '7';
  if (!/^[1-9]\d?$/.test(days)) return wrongUse('--days is a number from 1 to 90.');
  const application = await findApplication(work.api, work.words[0]);
  if (!application.ok) return application;
  const answer = await work.api.call<UsageRecord>('GET', `/applications/${application.value.id}/usage?days=${days}`);
  if (!answer.ok) return answer;
  const rows = answer.value.days.map(({ day, allowed, refused }) => [day, String(allowed), String(refused)]);
  const calls = table(['DAY (UTC)', 'ALLOWED', 'REFUSED'], rows, 'No calls.');
  return done({ data: answer.value, text: `${calls}\n${quotaTable(answer.value.quotas)}` });
}

function quotaTable(quotas: UsageRecord['quotas']): string {
  const rows = quotas.map((quota) => ['api', 'name', 'used', 'limit', 'resetAt'].map((member) => cell(quota[member])));
  return table(
    ['API', 'QUOTA', 'USED', 'LIMIT', 'RESETS'],
    rows,
    'No quotas: it is subscribed to nothing that has one.',
  );
}

function cell(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '-';
}

interface OwnNoticeRecord {
  notice: { slug: string; title: string; severity?: string | null };
  acknowledgedAt: string | null;
  callsThisWeek: number;
}

async function listNotices({ api }: Work): Promise<Outcome<Report>> {
  const all = await api.list<OwnNoticeRecord>('/account/notices', 'notices');
  if (!all.ok) return all;
  const rows = all.value.map(({ notice, acknowledgedAt, callsThisWeek }) => [
    notice.slug,
    acknowledgedAt === null ? 'open' : 'acknowledged',
    String(callsThisWeek),
    notice.title,
  ]);
  const text = table(['NOTICE', 'STATE', 'CALLS THIS WEEK', 'TITLE'], rows, 'No notice concerns your keys.');
  return done({ data: { notices: all.value }, text });
}

async function acknowledge({ api, words: [slug = ''] }: Work): Promise<Outcome<Report>> {
  const answer = await api.call<OwnNoticeRecord>('PUT', `/account/notices/${encodeURIComponent(slug)}/acknowledgement`);
  return answer.ok ? done({ data: answer.value, text: `Acknowledged ${slug}.\n` }) : answer;
}
