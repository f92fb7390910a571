import type { Actor } from '../accounts/account.ts';
import type {
  AcknowledgeResult,
  Announcement,
  FeedFormat,
  MailPreference,
  Notice,
  NoticeFilter,
  NoticeProblem,
  RemindResult,
} from '../notices/notice.ts';
import type { FeedDocument } from '../notices/notice-feed.ts';
import type { WithdrawnNotice } from '../notices/notice-source.ts';
import type { OwnNotice } from '../notices/own-notice.ts';
import type { ImpactReport, NoticeOverview } from '../notices/read-notice-impact.ts';

/** Published notices for everybody; what people do about them; and what owners see of it. */
export interface PortalNotices {
  /** Newest first. */
  list(filter?: NoticeFilter): readonly Notice[];
  find(slug: string): Notice | null;
  /** One that was published and taken back. */
  findWithdrawn(slug: string): WithdrawnNotice | null;
  problems(): readonly NoticeProblem[];
  /** Atom, RSS or JSON Feed of the newest notices, with links from PUBLIC_URL. */
  feed(format: FeedFormat, filter?: NoticeFilter): Promise<FeedDocument>;
  /** What else was announced: security policies, newest first. */
  announcements(filter?: NoticeFilter): Promise<readonly Announcement[]>;
  /** iCalendar of deprecations, sunsets and brown-outs. */
  calendar(): Promise<FeedDocument>;
  /** An advisory as CSAF 2.0; null for everything else. */
  csaf(slug: string): Promise<object | null>;
  /** The published ones that concern teams of the actor, and what their keys have to do with them; newest first. */
  own(actor: Actor): Promise<readonly OwnNotice[]>;
  /** null when there is no such notice, or it does not concern the actor. */
  concern(actor: Actor, slug: string): Promise<OwnNotice | null>;
  markRead(actor: Actor, slug: string): Promise<AcknowledgeResult>;
  /** For all teams of the actor that it concerns. */
  acknowledge(actor: Actor, slug: string): Promise<AcknowledgeResult>;
  mailPreference(actor: Actor): Promise<MailPreference>;
  changeMailPreference(actor: Actor, mail: MailPreference): Promise<void>;
  /** By the link of a mail, without signing in; false when the link is none of ours. */
  unsubscribe(token: string): Promise<boolean>;
  /** Owners only: scheduled and published notices with what people did about them. */
  overview(actor: Actor): Promise<readonly NoticeOverview[]>;
  /** Owners only: whom a published or scheduled notice concerns; null for everybody else. */
  impact(actor: Actor, slug: string): Promise<ImpactReport | null>;
  /** Owners only: mails those who called what the notice names in the last seven days. */
  remind(actor: Actor, slug: string): Promise<RemindResult>;
}
