import { createFirstOwnerToken } from '../accounts/create-first-owner-token.ts';
import { createAuditStore } from '../audit/audit-store.ts';
import { createPublishedDocumentStore } from '../difference/published-document-store.ts';
import { createGuideLibrary } from '../guides/guide-library.ts';
import { createKeyLineageStore } from '../key-rotation/key-lineage-store.ts';
import { createPlanStore } from '../plans/plan-store.ts';
import { systemClock } from '../platform/clock.ts';
import { createCodeColours } from '../platform/code-colours.ts';
import type { Config } from '../settings/config.ts';
import type { Log } from '../platform/log.ts';
import type { SafeHtml } from '../platform/markdown.ts';
import { isLoopback, listKeptMails } from '../platform/mailer.ts';
import { systemRandom } from '../platform/random.ts';
import { version } from '../platform/version.ts';
import { createReferenceLibrary } from '../reference/reference-library.ts';
import { createReferenceStore } from '../reference/reference-store.ts';
import { createUsageReadingStore } from '../usage/usage-reading-store.ts';
import { createUsageStore } from '../usage/usage-store.ts';
import { type AccountParts, bindAccounts, createAccountParts } from './bind-accounts.ts';
import { type ApplicationParts, bindApplications, createApplicationParts } from './bind-applications.ts';
import { publishCatalog } from './publish-catalog.ts';
import { bindAudit } from './bind-audit.ts';
import { bindPrivacy } from './bind-privacy.ts';
import { bindCommandLine } from './bind-command-line.ts';
import { bindFeedback, bindSecurityReports } from './bind-feedback.ts';
import { bindKeySchedule } from './bind-key-schedule.ts';
import { bindDifference } from './bind-difference.ts';
import { bindKeys, createKeyParts } from './bind-keys.ts';
import { bindNoticeEditor } from './bind-notice-editor.ts';
import { type NoticeParts, bindNotices, createNoticeParts } from './bind-notices.ts';
import { bindLeakedTokens, bindManagement, createManagementParts } from './bind-management.ts';
import { bindSignIn, createSignInParts } from './bind-sign-in.ts';
import { bindTyk, bringingToTyk } from './bind-tyk.ts';
import { bindPolicies } from './bind-policies.ts';
import { bindPublishing } from './bind-publishing.ts';
import { bindQuotas } from './bind-quotas.ts';
import { bindSearch } from './bind-search.ts';
import { bindTeams, createTeamParts } from './bind-teams.ts';
import { bindDirectory } from './bind-directory.ts';
import { bindUsage } from './bind-usage.ts';
import { bindWebhooks } from './bind-webhooks.ts';
import { openMigratedDatabases } from './databases.ts';
import type { Foundation } from './foundation.ts';
import { namePeppers } from './key-jobs.ts';
import { createPageEdition } from './page-edition.ts';
import { startJobs } from './start-jobs.ts';
import type { Portal, Site } from '../portal/portal.ts';
import type { Edition } from '../server/answer-memory.ts';
import { watchPortal } from './watch-portal.ts';
import { readingWhole } from './whole-reference.ts';

/** The object graph of the portal process. */
export interface ComposedPortal {
  portal: Portal;
  /** What operators ask it. */
  watch: ReturnType<typeof watchPortal>;
  edition: Edition;
  startJobs(): void;
  /** A link that makes the first owner account, once; null when there is an owner. */
  firstOwnerLink(): Promise<string | null>;
  close(): Promise<void>;
}

/** Opens and migrates the databases, loads the content, and binds every use case to its parts. */
export async function composePortal(config: Config, log: Log): Promise<ComposedPortal> {
  const databases = await openMigratedDatabases(config);
  const foundation: Foundation = { config, log, databases, clock: systemClock, random: systemRandom };
  await namePeppers(foundation);
  const accounts = createAccountParts(foundation);
  const applications = createApplicationParts(foundation);
  const notices = createNoticeParts(foundation, accounts);
  await notices.editor.written.refresh();
  const guides = createGuideLibrary({ contentDir: config.contentDir, clock: foundation.clock });
  const search = bindSearch(foundation, { guides, notices: notices.library });
  const colours = createCodeColours();
  const publishing = await publishCatalog(foundation);
  const content = { catalog: publishing.library, guides, search, colourCode: (html: SafeHtml) => colours.colour(html) };
  const watch = watchPortal(foundation);
  const parts = { ...content, canSave: watch.canSave };
  const portal = bindPortal(foundation, accounts, applications, notices, parts);
  let jobs: { stop(): Promise<void> } | null = null;
  return {
    portal,
    watch,
    edition: createPageEdition({ ...foundation, notices: notices.library, canSave: watch.canSave }),
    startJobs: () => {
      // What is sent from a stand-in would be sent again by the start after it.
      if (config.readOnlyFolder === null) jobs ??= startJobs(foundation, accounts, notices);
      publishing.start();
      void search.refresh();
    },
    firstOwnerLink: async () => {
      if (config.readOnlyFolder !== null) return null;
      const token = await createFirstOwnerToken(accounts);
      return token === null ? null : `${config.publicUrl}/first-owner?token=${token}`;
    },
    close: async () => {
      await jobs?.stop();
      await publishing.stop();
      await search.close();
      await notices.close();
      await colours.close();
      await databases.close();
    },
  };
}

function bindPortal(
  foundation: Foundation,
  accounts: AccountParts,
  applications: ApplicationParts,
  notices: NoticeParts,
  content: Pick<Portal, 'catalog' | 'guides' | 'search' | 'colourCode' | 'canSave'>,
): Portal {
  const { config, databases, clock } = foundation;
  const plans = createPlanStore(databases.portal);
  const usage = bindUsage({
    ...foundation,
    applications: applications.applications,
    plans,
    lineages: createKeyLineageStore(databases.portal),
    usage: createUsageStore(databases.usage),
    reading: createUsageReadingStore(databases.usage),
  });
  const audit = createAuditStore(databases.portal);
  const keys = createKeyParts(foundation, applications, plans);
  const management = createManagementParts(foundation, accounts);
  const { catalog } = content;
  const differences = bindDifference(foundation);
  return {
    site: siteOf(config),
    nowMs: () => clock.nowMs(),
    accounts: bindAccounts(accounts, (actor, teamId, reason) =>
      keys.revocations.revokeAll(
        { actor, teamId, applicationId: null, reason, nowMs: clock.nowMs() },
        foundation.random,
      ),
    ),
    privacy: bindPrivacy(foundation),
    ...bindSignIn(createSignInParts(foundation, accounts)),
    ...bindManagement(management),
    commandLine: bindCommandLine(foundation, management),
    teams: bindTeams(createTeamParts(foundation)),
    directory: bindDirectory(foundation),
    applications: bindApplications(applications),
    keys: bringingToTyk(foundation, {
      ...bindKeys(keys, audit, usage),
      ...bindKeySchedule(foundation, keys, usage),
      ...bindLeakedTokens(keys, management),
    }),
    quotas: bindQuotas(foundation),
    usage,
    reference: readingWhole(
      createReferenceLibrary({ store: createReferenceStore(databases.portal), catalog, site: config }),
      createPublishedDocumentStore(databases.portal),
    ),
    differences,
    publishing: bindPublishing(foundation, differences),
    notices: bindNotices(notices),
    noticeEditor: bindNoticeEditor(foundation, notices, differences),
    policies: bindPolicies(foundation),
    audit: bindAudit(foundation, audit),
    feedback: bindFeedback(foundation, { guides: content.guides, notices: notices.library }),
    securityReports: bindSecurityReports(foundation),
    webhooks: bindWebhooks(foundation),
    ...content,
    tyk: bindTyk(foundation),
    keptMails: keepsMails(config) ? () => listKeptMails(config.dataDir) : null,
  };
}

function siteOf({ mode, publicUrl, gatewayPublicUrl, keyPrefix, securityContact }: Config): Site {
  return { mode, version, publicUrl, gatewayPublicUrl, keyPrefix, securityContact };
}

/** Kept mails hold sign-in links: they are shown only by a demo that nobody else can reach. */
function keepsMails({ mode, smtpUrl, host }: Config): boolean {
  return mode !== 'production' && smtpUrl === null && isLoopback(host);
}
