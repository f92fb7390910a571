import type { Database } from '../database/database.ts';
import type { PortalSchema } from '../database/schema.ts';
import type { TykKeyForOwner, TykKeyNote, TykList, TykPageRequest } from './tyk-overview.ts';
import type { TykState } from './tyk-key-store.ts';

/** Reads how keys are in Tyk: working ones of applications that are subscribed to one of `apis`. */
export interface TykOverviewStore {
  counts(apis: readonly string[], nowMs: number): Promise<{ keys: number; present: number }>;
  /** Newest first. */
  list(which: TykList, apis: readonly string[], nowMs: number): Promise<readonly TykKeyForOwner[]>;
  /** By key id. */
  page(request: TykPageRequest, apis: readonly string[], nowMs: number): Promise<readonly TykKeyForOwner[]>;
  note(keyId: string, apis: readonly string[], nowMs: number): Promise<TykKeyNote | null>;
}

const SHOWN = 200;
const NOT_THERE: readonly TykState[] = ['missing', 'lost'];

export function createTykOverviewStore({ kysely }: Database<PortalSchema>): TykOverviewStore {
  const working = (apis: readonly string[], nowMs: number) =>
    kysely
      .selectFrom('api_key')
      .innerJoin('application', 'application.id', 'api_key.application_id')
      .innerJoin('team', 'team.id', 'application.team_id')
      .leftJoin('tyk_key', 'tyk_key.key_id', 'api_key.id')
      .where('application.deleted_at_ms', 'is', null)
      .where('api_key.revoked_at_ms', 'is', null)
      .where((row) => row.or([row('api_key.expires_at_ms', 'is', null), row('api_key.expires_at_ms', '>', nowMs)]))
      .where((row) =>
        row.exists(
          row
            .selectFrom('subscription')
            .select('subscription.id')
            .whereRef('subscription.application_id', '=', 'application.id')
            .where('subscription.ended_at_ms', 'is', null)
            .where('subscription.api_slug', 'in', apis),
        ),
      );
  const among = (which: TykList, apis: readonly string[], nowMs: number) => {
    const all = working(apis, nowMs);
    if (which === 'waiting') return all.where('tyk_key.attempts', '>', 0);
    if (which === 'held_back') return all.where('tyk_key.held_back', '!=', '');
    if (which === 'drifted') return all.where('tyk_key.drift', '!=', '');
    return all
      .where('api_key.replaced_by_key_id', 'is', null)
      .where((row) => row.or([row('tyk_key.key_id', 'is', null), row('tyk_key.state', 'in', NOT_THERE)]));
  };
  const listed = (which: TykList, apis: readonly string[], nowMs: number) =>
    among(which, apis, nowMs)
      .select(['api_key.id', 'api_key.name', 'application.name as application_name', 'team.name as team_name'])
      .select(['tyk_key.state', 'since_ms', 'held_back', 'problem', 'drift', 'drift_at_ms']);
  return {
    async counts(apis, nowMs) {
      const row = await working(apis, nowMs)
        .select(({ fn }) => [
          fn.countAll<number>().as('keys'),
          fn.count<number>('tyk_key.key_id').filterWhere('tyk_key.state', '=', 'present').as('present'),
        ])
        .executeTakeFirstOrThrow();
      return row;
    },
    async list(which, apis, nowMs) {
      const rows = await listed(which, apis, nowMs)
        .orderBy(which === 'drifted' ? 'tyk_key.drift_at_ms' : 'api_key.created_at_ms', 'desc')
        .orderBy('api_key.id')
        .limit(SHOWN)
        .execute();
      return rows.map(toKeyForOwner);
    },
    async page({ list, afterKeyId, limit }, apis, nowMs) {
      const rows = await listed(list, apis, nowMs)
        .where('api_key.id', '>', afterKeyId)
        .orderBy('api_key.id')
        .limit(limit)
        .execute();
      return rows.map(toKeyForOwner);
    },
    async note(keyId, apis, nowMs) {
      const row = await working(apis, nowMs)
        .select(['tyk_key.state', 'since_ms', 'held_back', 'problem'])
        .where('api_key.id', '=', keyId)
        .executeTakeFirst();
      return row ? toNote(row) : null;
    },
  };
}

interface NoteRow {
  state: TykState | null;
  since_ms: number | null;
  held_back: string | null;
  problem: string | null;
}

interface KeyRow extends NoteRow {
  id: string;
  name: string;
  application_name: string;
  team_name: string;
  drift: string | null;
  drift_at_ms: number | null;
}

function toKeyForOwner(row: KeyRow): TykKeyForOwner {
  return {
    ...toNote(row),
    keyId: row.id,
    keyName: row.name,
    applicationName: row.application_name,
    teamName: row.team_name,
    drift: (row.drift ?? '').split(' ').filter((field) => field !== ''),
    driftAtMs: row.drift_at_ms,
  };
}

function toNote(row: NoteRow): TykKeyNote {
  return {
    state: row.state ?? 'unknown',
    sinceMs: row.since_ms,
    heldBack: row.held_back ?? '',
    problem: row.problem ?? '',
  };
}
