import type { Account, OwnTeam } from '../accounts/account.ts';
import type { Mail } from '../platform/mailer.ts';
import type { OutboxPayloads } from '../database/outbox.ts';
import { type Notice, hasWording, latestOf, mannerFor } from './notice.ts';
import type { NoticeLibrary } from './notice-library.ts';
import type { NoticeResponseStore } from './notice-response-store.ts';
import { concernSentence } from './own-notice.ts';
import { type OwnNoticesDeps, readOwnNotice } from './read-own-notices.ts';
import { unsubscribeHeaders, unsubscribeUrl } from './unsubscribe-link.ts';

/** What mails about notices are written from; they are written when they are sent, from what is true then. */
export interface NoticeMailDeps extends OwnNoticesDeps {
  library: Pick<NoticeLibrary, 'list' | 'find' | 'findWithdrawn'>;
  accounts: {
    find(accountId: string): Promise<Account | null>;
    teamsOf(accountId: string): Promise<readonly OwnTeam[]>;
  };
  responses: Pick<NoticeResponseStore, 'acknowledgements' | 'preference'>;
  publicUrl: string;
  sessionSecret: Uint8Array;
}

const KEYS_NAMED = 10;
const dates = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' });

/** Tells of one notice; null when the wording was replaced, or the mail is not wanted any more. */
export async function noticeMail(deps: NoticeMailDeps, payload: OutboxPayloads['mail.notice']): Promise<Mail | null> {
  const about = await aboutNotice(deps, payload);
  if (!about) return withdrawalMail(deps, payload);
  const { notice, sentences } = about;
  const subject = `${subjectWord(notice)}: ${notice.title}`;
  const text = [
    ...newsOf(notice, payload.revisionAtMs),
    ...factsOf(notice),
    ...sentences,
    `Read it: ${noticeUrl(deps, notice)}`,
  ];
  return finish(deps, payload.accountId, about.to, { subject, text }, isOptional(notice));
}

/** Tells who was told of a notice that it does not hold any more; null when this is about no withdrawal. */
async function withdrawalMail(
  deps: NoticeMailDeps,
  { accountId, slug, revisionAtMs }: OutboxPayloads['mail.notice'],
): Promise<Mail | null> {
  const withdrawn = deps.library.findWithdrawn(slug);
  const to = withdrawn?.atMs === revisionAtMs ? await addressFor(deps, accountId) : null;
  if (!withdrawn || to === null) return null;
  const { notice, reason } = withdrawn;
  const text = ['What we told you about does not hold any more.', reason, `Read it: ${noticeUrl(deps, notice)}`];
  return finish(deps, accountId, to, { subject: `Withdrawn: ${notice.title}`, text }, isOptional(notice));
}

/** Reminds who still calls what a notice names; null when they have stopped. */
export async function noticeReminderMail(
  deps: NoticeMailDeps,
  payload: OutboxPayloads['mail.notice_reminder'],
): Promise<Mail | null> {
  const about = await aboutNotice(deps, payload);
  if (!about || about.callsThisWeek === 0) return null;
  const { notice, sentences } = about;
  const subject = `Reminder: ${notice.title}`;
  const text = ['You still call what this is about.', ...sentences, notice.summary, ...factsOf(notice)];
  const mail = { subject, text: [...text, `Read it: ${noticeUrl(deps, notice)}`] };
  return finish(deps, payload.accountId, about.to, mail, isOptional(notice));
}

interface AboutNotice {
  to: string;
  notice: Notice;
  sentences: readonly string[];
  callsThisWeek: number;
}

async function aboutNotice(
  deps: NoticeMailDeps,
  { accountId, slug, revisionAtMs }: OutboxPayloads['mail.notice'],
): Promise<AboutNotice | null> {
  const notice = deps.library.find(slug);
  if (!notice || !hasWording(notice, revisionAtMs)) return null;
  const to = await addressFor(deps, accountId);
  if (to === null || mannerFor(notice, await deps.responses.preference(accountId)) === 'none') return null;
  const { sentences, callsThisWeek } = await concernOf(deps, accountId, notice);
  return { to, notice, sentences, callsThisWeek };
}

/** The address of an account that may still be mailed. */
export async function addressFor({ accounts }: NoticeMailDeps, accountId: string): Promise<string | null> {
  const account = await accounts.find(accountId);
  if (account?.suspendedAtMs !== null || account.emailVerifiedAtMs === null) return null;
  return account.email;
}

/** What a notice means to the keys of an account, one sentence for each. */
export async function concernOf(
  deps: NoticeMailDeps,
  accountId: string,
  notice: Notice,
): Promise<{ sentences: readonly string[]; callsThisWeek: number }> {
  const teams = await deps.accounts.teamsOf(accountId);
  const reader = { teamIds: teams.map(({ id }) => id), teamRoles: new Map(teams.map(({ id, role }) => [id, role])) };
  const own = await readOwnNotice(deps, reader, notice);
  const nowMs = deps.clock.nowMs();
  const sentences = (own?.keys ?? []).map((key) => concernSentence(notice, key, nowMs));
  const more = sentences.length - KEYS_NAMED;
  const named = more > 0 ? [...sentences.slice(0, KEYS_NAMED), `So do ${more} more.`] : sentences;
  return { sentences: named.length > 0 ? [named.join('\n')] : [], callsThisWeek: own?.callsThisWeek ?? 0 };
}

export function subjectWord(notice: Notice): string {
  switch (notice.kind) {
    case 'advisory':
      return `Security advisory (${notice.severity})`;
    case 'incident':
      return `Incident (${latestOf(notice)?.status ?? 'open'})`;
    case 'change':
      return 'Change';
    case 'deprecation':
      return 'Deprecation';
  }
}

/** What this mail is about: an update of an incident, or the notice itself and why it comes again. */
function newsOf(notice: Notice, revisionAtMs: number): string[] {
  if (notice.kind === 'incident') {
    const entry = notice.timeline.find(({ atMs }) => atMs === revisionAtMs) ?? notice.timeline[0];
    return entry ? [notice.summary, `${capital(entry.status)}: ${entry.text}`] : [notice.summary];
  }
  const correction = notice.corrections.find(({ atMs }) => atMs === revisionAtMs);
  return correction ? [`This was corrected: ${correction.reason}`, notice.summary] : [notice.summary];
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function factsOf(notice: Notice): string[] {
  switch (notice.kind) {
    case 'advisory':
      return [notice.fixedIn === null ? 'There is no fix yet.' : `Fixed in ${notice.fixedIn}.`];
    case 'deprecation':
      return [`It stops on ${dates.format(notice.sunsetAtMs)} (UTC).`];
    case 'change':
      return notice.effectiveAtMs === null ? [] : [`It takes effect on ${dates.format(notice.effectiveAtMs)} (UTC).`];
    case 'incident':
      return [];
  }
}

export function noticeUrl({ publicUrl }: NoticeMailDeps, { slug }: Notice): string {
  return `${publicUrl}/notices/${slug}`;
}

export function isOptional(notice: Notice): boolean {
  return notice.kind !== 'advisory';
}

/** Adds greeting and footer, and the way out where there is one: advisories are always mailed. */
export function finish(
  { publicUrl, sessionSecret }: NoticeMailDeps,
  accountId: string,
  to: string,
  { subject, text }: { subject: string; text: readonly string[] },
  canUnsubscribe: boolean,
): Mail {
  const url = unsubscribeUrl(publicUrl, sessionSecret, accountId);
  const footer = canUnsubscribe
    ? `Choose which notices are mailed: ${publicUrl}/account/notices\nNo more mails like this: ${url}`
    : 'Security advisories that concern you are always mailed.';
  const mail = { to, subject, text: `${['Hello,', ...text, `-- \n${footer}`].join('\n\n')}\n` };
  return canUnsubscribe ? { ...mail, headers: unsubscribeHeaders(url) } : mail;
}
