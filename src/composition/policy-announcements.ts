import { type Announcement, type NoticeFilter, isAnnouncedUnder } from '../notices/notice.ts';
import { type SecurityPolicy, isPublic } from '../policies/policy.ts';
import { ruleText, scopeText } from '../policies/policy-text.ts';
import { utcText } from '../platform/utc-text.ts';

/** Longer than two sentences is read on the page of the policy. */
const SUMMARY_MAX_LENGTH = 300;

/** Security policies that were announced, as the list of notices and its feeds show them; the newest first. */
export function policyAnnouncements(
  policies: readonly SecurityPolicy[],
  filter: NoticeFilter,
  nowMs: number,
): Announcement[] {
  return policies
    .flatMap((policy) => announcementOf(policy, nowMs) ?? [])
    .filter((announcement) => isAnnouncedUnder(announcement, filter))
    .sort((a, b) => b.publishedAtMs - a.publishedAtMs);
}

function announcementOf(policy: SecurityPolicy, nowMs: number): Announcement | null {
  const reached = Object.values(policy.dates).filter((atMs) => atMs !== null && atMs <= nowMs) as number[];
  if (!isPublic(policy) || policy.stage === 'withdrawn' || reached.length === 0) return null;
  const summary = `${scopeText(policy)}. ${enforcedText(policy)}${policy.rules.map(ruleText).join(' ')}`;
  return {
    kind: 'policy',
    path: `/policies/${policy.slug}`,
    title: policy.title,
    summary: summary.length > SUMMARY_MAX_LENGTH ? `${summary.slice(0, SUMMARY_MAX_LENGTH - 1)}…` : summary,
    // Of a stage that was passed over there is no date.
    publishedAtMs: policy.dates.announced ?? Math.min(...reached),
    changedAtMs: Math.max(...reached, policy.replannedAtMs ?? 0),
    api: policy.apiSlug,
  };
}

function enforcedText({ stage, dates }: SecurityPolicy): string {
  if (dates.enforced === null) return '';
  return `Enforced ${stage === 'enforced' ? 'since' : 'from'} ${utcText(dates.enforced)}. `;
}
