import type { Actor } from '../../src/accounts/account.ts';
import { systemRandom, newId } from '../../src/platform/random.ts';
import type { Database } from '../../src/database/database.ts';
import type { PortalSchema } from '../../src/database/schema.ts';

/** Adds an account with a team of its own and returns it as the one who acts. */
export async function addActor(
  database: Database<PortalSchema>,
  name: string,
  changes: Partial<Actor> = {},
): Promise<Actor> {
  const [accountId, teamId] = [newId(systemRandom, 'acc'), newId(systemRandom, 'team')];
  const email = `${name}-${accountId}@example.com`;
  const account = {
    id: accountId,
    email,
    email_normalized: email.toLowerCase(),
    password_hash: '!',
    role: 'developer',
  } as const;
  await database.kysely
    .insertInto('account')
    .values({ ...account, email_verified_at_ms: 1, suspended_at_ms: null, created_at_ms: 1 })
    .execute();
  await database.kysely.insertInto('team').values({ id: teamId, name, created_at_ms: 1 }).execute();
  await database.kysely
    .insertInto('team_member')
    .values({ team_id: teamId, account_id: accountId, role: 'admin' })
    .execute();
  const teams = { teamIds: [teamId], teamRoles: new Map([[teamId, 'admin' as const]]) };
  return { accountId, email, role: 'developer', emailVerified: true, ...teams, signedInAtMs: 1, ...changes };
}

/** Adds an API with its plans, as the catalog would. */
export async function addApi(
  database: Database<PortalSchema>,
  slug: string,
  plans: readonly { slug: string; position?: number; removedAtMs?: number | null }[],
): Promise<void> {
  await database.kysely.insertInto('api').values({ slug, title: slug, summary: '', removed_at_ms: null }).execute();
  for (const plan of plans) {
    await database.kysely
      .insertInto('plan')
      .values({
        api_slug: slug,
        slug: plan.slug,
        title: plan.slug.toUpperCase(),
        summary: 'A plan.',
        scopes: 'parcels:read parcels:write',
        rate_limit: 60,
        rate_window_seconds: 10,
        quota: 1000,
        quota_period: 'day',
        position: plan.position ?? 0,
        removed_at_ms: plan.removedAtMs ?? null,
      })
      .execute();
  }
}

/** A form as a browser posts it. */
export function formOf(fields: Readonly<Record<string, string>>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  return form;
}
