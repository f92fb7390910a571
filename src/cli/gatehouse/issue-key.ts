import { type Work, listOption, textOption } from './command.ts';
import { deliverSecret, destinationOptions, keyVariables, readDestination } from './deliver-secret.ts';
import { DURATION_HINT, parseDuration } from './duration.ts';
import { findApplication } from './find-application.ts';
import { obtainOnce } from './obtain-once.ts';
import { type Outcome, type Report, done, wrongUse } from './outcome.ts';
import type { IssuedRecord } from './records.ts';
import { timeCell } from './table.ts';

const DEFAULT_EXPIRY = '90d';

export const issueOptions = [
  ['-a, --application <application>', 'the application, by id or name'],
  ['--name <name>', 'where the key is used'],
  ['--environment <environment>', 'test or live; test unless you say otherwise'],
  [
    '--expires <when>',
    `a duration such as 30d, a day such as 2027-01-31, or never; ${DEFAULT_EXPIRY} unless you say otherwise`,
  ],
  ['--allow <cidr...>', 'addresses or ranges from which it may be used'],
  ...destinationOptions('key'),
] as const;

/** Issues a key and hands it over. */
export async function issueKey(work: Work): Promise<Outcome<Report>> {
  const destination = readDestination(work);
  if (!destination.ok) return destination;
  const name = textOption(work, 'name');
  if (name === undefined) return wrongUse('Name the key after where it is used: --name "Build server".');
  const environment = textOption(work, 'environment') ?? 'test';
  if (environment !== 'test' && environment !== 'live') return wrongUse('--environment is test or live.');
  const expires = textOption(work, 'expires') ?? DEFAULT_EXPIRY;
  const expiresAt = readExpiry(expires, work.terminal.nowMs());
  if (!expiresAt.ok) return expiresAt;
  const application = textOption(work, 'application');
  const allow = listOption(work, 'allow');
  const subject = ['issue', application ?? '', name, environment, expires, ...allow];
  const obtained = await obtainOnce<IssuedRecord>(work, subject, async () => {
    const found = await findApplication(work.api, application);
    if (!found.ok) return found;
    const allowlist = allow.map((cidr) => ({ cidr }));
    const body = { name, environment, expiresAt: expiresAt.value, allowlist };
    return done({ path: `/applications/${found.value.id}/keys`, body });
  });
  if (!obtained.ok) return obtained;
  const { answer, finish } = obtained.value;
  const delivered = await deliverSecret(work, destination.value, answer.token, keyVariables(answer.key));
  if (!delivered.ok) return delivered;
  const { key } = answer;
  const end = key.expiresAt === null ? 'never expires' : `expires ${timeCell(key.expiresAt)} UTC`;
  const text = `Issued ${key.name}: ${key.id}, ${key.environment}, ${end}.\n`;
  const secret = destination.value.to === 'stdout' && { secret: answer.token };
  return done({ data: { key }, text, settle: finish, ...secret });
}

function readExpiry(text: string, nowMs: number): Outcome<string | null> {
  if (text === 'never') return done(null);
  const seconds = parseDuration(text);
  if (seconds !== null) return done(new Date(nowMs + seconds * 1000).toISOString());
  const isDay = /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));
  return isDay
    ? done(`${text}T00:00:00Z`)
    : wrongUse(`--expires is never, a day such as 2027-01-31, or ${DURATION_HINT}.`);
}
