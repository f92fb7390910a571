import type { Database } from '../database/database.ts';
import type { PortalSchema } from '../database/schema.ts';
import type { KeyFacts } from './key-facts.ts';
import { type TokenHashes, createKeyLookup } from './key-lookup.ts';
import { type KeyMemory, rememberUntilCommit } from './key-memory.ts';
import type { RouteOperation, RouteVersion } from './route-table.ts';
import { deprecationOf, endingOf, withEnds } from './version-ends.ts';

/** Reads of the verifier: one look-up per call, and the routes whenever they changed. It writes nothing. */
export interface VerificationStore {
  /** Never older than the last commit, so that a revocation counts from the moment it is committed. */
  findKey(token: string, api: string): KeyFacts | null | Promise<KeyFacts | null>;
  /** Lets look-ups that `work` makes before it returns share one question for the last commit, asked at its start. */
  together(work: () => void): void;
  /** Changes whenever `loadRoutes` would answer differently. */
  routesFingerprint(): Promise<string>;
  loadRoutes(): Promise<readonly RouteVersion[]>;
}

const ROUTE_COLUMNS = [
  'api_slug',
  'version',
  'lifecycle',
  'upstream_url',
  'deprecated_at_ms',
  'sunset_at_ms',
  'gone_after_sunset',
  'brown_outs',
  'notice_slug',
  'operation_ends',
] as const;

export function createVerificationStore(database: Database<PortalSchema>, tokens: TokenHashes): VerificationStore {
  const { kysely } = database;
  const versions = kysely
    .selectFrom('api_version')
    .innerJoin('api', 'api.slug', 'api_version.api_slug')
    .where('api.removed_at_ms', 'is', null)
    .where('api_version.removed_at_ms', 'is', null)
    .orderBy('api_slug')
    .orderBy('version');
  const findKey = createKeyLookup(database, tokens);
  const memory: KeyMemory<KeyFacts> =
    database.dialect === 'sqlite'
      ? rememberUntilCommit(lastCommitOf(database), findKey)
      : { find: findKey, together: (work) => work() };
  return {
    findKey: (token, api) => memory.find(tokens.current.begin(token), api, token),
    together: (work) => memory.together(work),
    async routesFingerprint() {
      const rows = await versions.select([...ROUTE_COLUMNS, 'document_sha256']).execute();
      return JSON.stringify(rows);
    },
    async loadRoutes() {
      const rows = await versions.select(ROUTE_COLUMNS).execute();
      const operations = await kysely
        .selectFrom('operation')
        .select(['api_slug', 'version', 'operation_id', 'method', 'path', 'scopes', 'cost'])
        .execute();
      const byVersion = Map.groupBy(operations, (operation) => `${operation.api_slug}/${operation.version}`);
      return rows.map((row) => ({
        api: row.api_slug,
        version: row.version,
        retired: row.lifecycle === 'retired',
        deprecation: deprecationOf(row, rows),
        ...endingOf(row),
        upstreamUrl: row.upstream_url,
        operations: withEnds((byVersion.get(`${row.api_slug}/${row.version}`) ?? []).map(toOperation), row, rows),
      }));
    },
  };
}

/** SQLite's number for what other connections have committed; PostgreSQL has none. */
function lastCommitOf(database: Database<PortalSchema>): () => unknown {
  const readVersion = database.prepareLookup<{ data_version: number }>('pragma data_version', []);
  return () => (readVersion([]) as { data_version: number }).data_version;
}

function toOperation(row: {
  operation_id: string;
  method: string;
  path: string;
  scopes: string;
  cost: number;
}): RouteOperation {
  return {
    operationId: row.operation_id,
    method: row.method,
    path: row.path,
    scopes: row.scopes.split(' ').filter((scope) => scope !== ''),
    cost: row.cost,
  };
}
