import { type Command, type Work, isGiven, textOption } from './command.ts';
import { DURATION_HINT, parseDuration } from './duration.ts';
import { findApplication } from './find-application.ts';
import { findKey, findOldKey, keyPath, listKeys } from './find-key.ts';
import { issueKey, issueOptions } from './issue-key.ts';
import { type Outcome, type Report, done, wrongUse } from './outcome.ts';
import type { KeyRecord } from './records.ts';
import { rotateKey, rotateOptions } from './rotate-key.ts';
import { facts, table, timeCell } from './table.ts';

const inApplication = ['-a, --application <application>', 'the application, by id or name'] as const;

export const keyCommands: readonly Command[] = [
  {
    name: 'keys list',
    summary: 'list the keys of an application',
    options: [inApplication],
    examples: ['gatehouse keys list', 'gatehouse keys list -a "Tea shop" --json'],
    needsToken: true,
    run: list,
  },
  {
    name: 'keys show',
    words: '<key>',
    summary: 'show a key: state, expiry, allowlist',
    options: [inApplication],
    examples: ['gatehouse keys show "Build server"'],
    needsToken: true,
    run: (work) => withKey(work, (key) => Promise.resolve(done(shown(key)))),
  },
  {
    name: 'keys issue',
    summary: 'issue a key and hand it over',
    details: 'The key is given out once. When it could not be handed over, run the same command again within 23 hours.',
    options: issueOptions,
    examples: [
      'gatehouse keys issue -a "Tea shop" --name "Build server" --file build.key',
      'gatehouse keys issue --name Shop --environment live --allow 203.0.113.0/24 --exec "pass insert -m shop/key"',
    ],
    needsToken: true,
    run: issueKey,
  },
  {
    name: 'keys rotate',
    words: '<key>',
    summary: 'replace a key; both work until the overlap ends',
    details:
      'The newest key of that name or line is rotated, so that the same command works every time. When a step fails, the old key goes on working, and the same command carries on where it stopped.',
    options: rotateOptions,
    examples: [
      'gatehouse keys rotate "Build server" --older-than 25d --file /etc/shop/key',
      'gatehouse keys rotate Shop --exec ./store.sh --check-url https://api.example.com/ping --end-old',
    ],
    needsToken: true,
    run: rotateKey,
  },
  {
    name: 'keys end-overlap',
    words: '<key>',
    summary: 'end the old key now, or at another time',
    options: [
      inApplication,
      ['--after <duration>', 'how long it goes on working from now; 0s unless you say otherwise'],
    ],
    examples: ['gatehouse keys end-overlap "Build server"', 'gatehouse keys end-overlap "Build server" --after 2h'],
    needsToken: true,
    run: endOverlap,
  },
  {
    name: 'keys revoke',
    words: '<key>',
    summary: 'end a key for good, from the next call on',
    options: [
      inApplication,
      ['--reason <text>', 'shown on the page of the key'],
      ['--yes', 'yes, it cannot be undone'],
    ],
    examples: ['gatehouse keys revoke key_8Qm2nZtYv5RkLw1Xc7Jd --reason "Server retired" --yes'],
    needsToken: true,
    run: revoke,
  },
  {
    name: 'keys allow',
    words: '<key> [cidr...]',
    summary: 'say from where a key may be used, instead of what was said before',
    options: [inApplication, ['--anywhere', 'let it be used from every address']],
    examples: ['gatehouse keys allow Shop 203.0.113.0/24 2001:db8:12::/48', 'gatehouse keys allow Shop --anywhere'],
    needsToken: true,
    run: allow,
  },
  {
    name: 'keys schedule',
    words: '<key> <days>',
    summary: 'say how often a key is to be rotated; "plan" leaves it to the plans',
    options: [inApplication],
    examples: ['gatehouse keys schedule Shop 90', 'gatehouse keys schedule Shop plan'],
    needsToken: true,
    run: schedule,
  },
];

async function list(work: Work): Promise<Outcome<Report>> {
  const application = await findApplication(work.api, textOption(work, 'application'));
  if (!application.ok) return application;
  const keys = await listKeys(work.api, application.value.id);
  if (!keys.ok) return keys;
  const rows = keys.value.map((key) => [
    key.name,
    key.id,
    key.environment,
    stateOf(key),
    timeCell(key.expiresAt, 'never'),
  ]);
  const empty = 'No keys yet. Run: gatehouse keys issue --name NAME';
  const text = table(['NAME', 'ID', 'ENVIRONMENT', 'STATE', 'EXPIRES (UTC)'], rows, empty);
  return done({ data: { keys: keys.value }, text });
}

async function withKey(
  work: Work,
  change: (key: KeyRecord) => Promise<Outcome<Report>>,
  find: typeof findKey = findKey,
): Promise<Outcome<Report>> {
  const found = await find(work.api, { key: work.words[0] ?? '', application: textOption(work, 'application') });
  return found.ok ? change(found.value) : found;
}

function endOverlap(work: Work): Promise<Outcome<Report>> {
  const overlapSeconds = parseDuration(textOption(work, 'after') ?? '0s');
  if (overlapSeconds === null) return Promise.resolve(wrongUse(`--after is ${DURATION_HINT}.`));
  const change = (key: KeyRecord) => changed(work, key, 'PUT', 'overlap', { overlapSeconds });
  return withKey(work, change, findOldKey);
}

async function revoke(work: Work): Promise<Outcome<Report>> {
  return withKey(work, (key) => {
    if (isGiven(work, 'yes'))
      return changed(work, key, 'POST', 'revocation', { reason: textOption(work, 'reason') ?? '' });
    const what = `This ends ${key.name} (${key.id}) for good: calls with it are refused from now on.`;
    return Promise.resolve(wrongUse(`${what} Add --yes if you mean it.`));
  });
}

function allow(work: Work): Promise<Outcome<Report>> {
  const cidrs = work.words.slice(1).filter((cidr) => cidr !== undefined);
  if ((cidrs.length === 0) !== isGiven(work, 'anywhere')) {
    return Promise.resolve(wrongUse('Name the addresses and ranges, or say --anywhere.'));
  }
  const allowlist = cidrs.map((cidr) => ({ cidr }));
  return withKey(work, (key) => changed(work, key, 'PUT', 'allowlist', { allowlist }));
}

function schedule(work: Work): Promise<Outcome<Report>> {
  const days = work.words[1] ?? '';
  if (!/^[1-9]\d{0,3}$|^plan$/.test(days)) return Promise.resolve(wrongUse('Say a number of days, or "plan".'));
  const rotationIntervalDays = days === 'plan' ? null : Number(days);
  return withKey(work, (key) => changed(work, key, 'PUT', 'schedule', { rotationIntervalDays }));
}

async function changed(
  { api }: Work,
  key: KeyRecord,
  method: 'PUT' | 'POST',
  part: string,
  body: object,
): Promise<Outcome<Report>> {
  const answer = await api.call<KeyRecord>(method, `${keyPath(key)}/${part}`, { body });
  return answer.ok ? done(shown(answer.value)) : answer;
}

function shown(key: KeyRecord): Report {
  const text = facts([
    ['Name', key.name],
    ['Id', key.id],
    ['Begins with', `${key.firstFour}... and ends with ${key.lastFour}`],
    ['Environment', key.environment],
    ['State', stateOf(key)],
    ['Created', `${timeCell(key.createdAt)} UTC`],
    ['Expires', key.expiresAt === null ? 'never' : `${timeCell(key.expiresAt)} UTC`],
    ['Rotation', key.rotationIntervalDays === null ? 'as the plans say' : `every ${key.rotationIntervalDays} days`],
    ['Used from', key.allowlist.length === 0 ? 'anywhere' : key.allowlist.map(({ cidr }) => cidr).join(', ')],
    ...(key.replaced ? [['Replaced by', key.replaced.byKeyId] as const] : []),
  ]);
  return { data: key, text };
}

function stateOf({ state, replaced }: KeyRecord): string {
  return state === 'active' && replaced ? 'ending' : state;
}
