import { createFirstOwnerToken } from '../accounts/create-first-owner-token.ts';
import { createAuditStore } from '../audit/audit-store.ts';
import { useUpstreams } from '../catalog/catalog.ts';
import { createCatalogLibrary } from '../catalog/catalog-library.ts';
import { createCatalogStore } from '../catalog/catalog-store.ts';
import { createDocumentReader } from '../catalog/document-reader.ts';
import { loadCatalog } from '../catalog/load-catalog.ts';
import { createGuideLibrary } from '../guides/guide-library.ts';
import { createPlanStore } from '../plans/plan-store.ts';
import { systemClock } from '../platform/clock.ts';
import type { Config } from '../platform/config.ts';
import type { Log } from '../platform/log.ts';
import { isLoopback, listKeptMails } from '../platform/mailer.ts';
import { systemRandom } from '../platform/random.ts';
import { version } from '../platform/version.ts';
import { createReferenceLibrary } from '../reference/reference-library.ts';
import { createReferenceStore } from '../reference/reference-store.ts';
import { createUsageStore } from '../usage/usage-store.ts';
import { type AccountParts, bindAccounts, createAccountParts } from './bind-accounts.ts';
import { type ApplicationParts, bindApplications, createApplicationParts } from './bind-applications.ts';
import { bindKeys, createKeyParts } from './bind-keys.ts';
import { type NoticeParts, bindNotices, createNoticeParts } from './bind-notices.ts';
import { bindUsage } from './bind-usage.ts';
import { openMigratedDatabases } from './databases.ts';
import type { Foundation } from './foundation.ts';
import { startJobs } from './start-jobs.ts';
import type { Portal, Site } from './portal.ts';

/** The object graph of the portal process. */
export interface ComposedPortal {
  portal: Portal;
  /** Newest migration, for `/healthz`. */
  schema: string;
  startJobs(): void;
  /** A link that makes the first owner account, once; null when there is an owner. */
  firstOwnerLink(): Promise<string | null>;
  close(): Promise<void>;
}

/** Opens and migrates the databases, loads the content, and binds every use case to its parts. */
export async function composePortal(config: Config, log: Log): Promise<ComposedPortal> {
  const databases = await openMigratedDatabases(config);
  const foundation: Foundation = { config, log, databases, clock: systemClock, random: systemRandom };
  const accounts = createAccountParts(foundation);
  const applications = createApplicationParts(foundation);
  const notices = createNoticeParts(foundation, accounts);
  const portal = await bindPortal(foundation, accounts, applications, notices);
  let jobs: { stop(): Promise<void> } | null = null;
  return {
    portal,
    schema: databases.schema,
    startJobs: () => {
      jobs ??= startJobs(foundation, accounts, notices);
    },
    firstOwnerLink: async () => {
      const token = await createFirstOwnerToken(accounts);
      return token === null ? null : `${config.publicUrl}/first-owner?token=${token}`;
    },
    close: async () => {
      await jobs?.stop();
      await databases.close();
    },
  };
}

async function bindPortal(
  foundation: Foundation,
  accounts: AccountParts,
  applications: ApplicationParts,
  notices: NoticeParts,
): Promise<Portal> {
  const { config, databases, clock } = foundation;
  const plans = createPlanStore(databases.portal);
  const usage = bindUsage({
    ...foundation,
    applications: applications.applications,
    plans,
    usage: createUsageStore(databases.usage),
  });
  const audit = createAuditStore(databases.portal);
  const keys = createKeyParts(foundation, applications, plans);
  const catalog = await loadAndBindCatalog(foundation, plans);
  return {
    site: siteOf(config),
    nowMs: () => clock.nowMs(),
    accounts: bindAccounts(accounts, (actor, teamId, reason) =>
      keys.revocations.revokeAll(
        { actor, teamId, applicationId: null, reason, nowMs: clock.nowMs() },
        foundation.random,
      ),
    ),
    applications: bindApplications(applications),
    keys: bindKeys(keys, audit, usage),
    usage,
    catalog,
    reference: createReferenceLibrary({ store: createReferenceStore(databases.portal), catalog, site: config }),
    notices: bindNotices(notices),
    guides: createGuideLibrary({ contentDir: config.contentDir, clock }),
    keptMails: keepsMails(config) ? () => listKeptMails(config.dataDir) : null,
  };
}

async function loadAndBindCatalog(
  { config, databases, clock, log }: Foundation,
  plans: ReturnType<typeof createPlanStore>,
): Promise<Portal['catalog']> {
  const documents = createDocumentReader();
  try {
    const store = createCatalogStore(databases.portal);
    const catalog = useUpstreams(await loadCatalog({ documents }, config.contentDir), config.upstreams);
    await store.sync(catalog, clock.nowMs());
    for (const problem of catalog.problems) log.warn({ problem }, 'a part of the catalog was not loaded');
    return createCatalogLibrary({ store, plans, problems: catalog.problems, site: config });
  } finally {
    await documents.close();
  }
}

function siteOf({ mode, publicUrl, gatewayPublicUrl, keyPrefix, securityContact }: Config): Site {
  return { mode, version, publicUrl, gatewayPublicUrl, keyPrefix, securityContact };
}

/** Kept mails hold sign-in links: they are shown only by a demo that nobody else can reach. */
function keepsMails({ mode, smtpUrl, host }: Config): boolean {
  return mode !== 'production' && smtpUrl === null && isLoopback(host);
}
