import type { AuditEntry } from './audit-log.ts';
import type { AuditFilter, AuditScope } from './audit-query.ts';
import type { AuditNames, AuditReadingStore } from './audit-reading-store.ts';

/** An entry with the names of those it is about, as the reader may know them. */
export interface AuditLine extends AuditEntry {
  /** `the portal`, an e-mail address, or `the provider` for an owner who is no member of the reader's teams. */
  actorName: string;
  /** null when the id has no name, or is gone. */
  subjectName: string | null;
  /** Of the application that it is about; null when it is about none. */
  applicationId: string | null;
  applicationName: string | null;
  teamName: string | null;
  /** From where it was done; null for what the portal does by itself. */
  address: string | null;
}

export interface AuditPage {
  lines: readonly AuditLine[];
  /** To read on from; null at the end. */
  nextBeforeSequence: number | null;
}

/** Who reads: members see their own people by name, and everybody else as the provider; owners see all. */
export interface AuditReader {
  scope: AuditScope;
  /** Accounts that the reader may see by name; null for all. */
  knownAccountIds: ReadonlySet<string> | null;
}

export async function auditReader(store: AuditReadingStore, scope: AuditScope): Promise<AuditReader> {
  if (scope === 'everything') return { scope, knownAccountIds: null };
  const members = await store.members(scope.teamIds);
  return { scope, knownAccountIds: new Set([scope.accountId, ...members.map(({ accountId }) => accountId)]) };
}

/** One page, newest first. */
export async function readAudit(
  store: AuditReadingStore,
  reader: AuditReader,
  query: { filter: AuditFilter; beforeSequence: number | null; limit: number },
): Promise<AuditPage> {
  const found = await store.page(reader.scope, { ...query, limit: query.limit + 1 });
  const entries = found.slice(0, query.limit);
  const names = await store.names(entries);
  const last = found.length > entries.length ? entries.at(-1) : undefined;
  return {
    lines: entries.map((entry) => toLine(entry, names, reader)),
    nextBeforeSequence: last?.sequence ?? null,
  };
}

function toLine(entry: AuditEntry, names: AuditNames, { knownAccountIds }: AuditReader): AuditLine {
  const { actor, subject, teamId, details } = entry;
  const key = names.keys.get(subject);
  const isKnown = knownAccountIds === null || knownAccountIds.has(actor);
  const applicationId = key?.applicationId ?? (names.applications.has(subject) ? subject : null);
  const address = typeof details.address === 'string' ? details.address : null;
  return {
    ...entry,
    actorName: actor === 'system' ? 'the portal' : isKnown ? (names.accounts.get(actor) ?? actor) : 'the provider',
    actor: isKnown || actor === 'system' ? actor : 'provider',
    subjectName: subjectName(subject, names, knownAccountIds),
    applicationId,
    applicationName: applicationId === null ? null : (names.applications.get(applicationId) ?? null),
    teamName: teamId === null ? null : (names.teams.get(teamId) ?? null),
    // Where the provider's people sit is none of a team's business.
    address: isKnown ? address : null,
  };
}

function subjectName(subject: string, names: AuditNames, known: ReadonlySet<string> | null): string | null {
  const account = known === null || known.has(subject) ? names.accounts.get(subject) : undefined;
  return (
    names.keys.get(subject)?.name ?? names.applications.get(subject) ?? names.teams.get(subject) ?? account ?? null
  );
}
