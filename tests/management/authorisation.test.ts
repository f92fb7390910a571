import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type AccessScope, accessScopes, allowsScope, isOwnerScope } from '../../src/access-tokens/access-token.ts';
import { type AnyOperation, wantsToken } from '../../src/management/operation.ts';
import { operations } from '../../src/management/operations.ts';
import { type ApiRequest, type Desk, openDesk } from './desk.ts';
import type { Scene } from './operation-case.ts';
import { cases } from './operation-cases.ts';
import { openScene } from './scene.ts';

let desk: Desk;
let scene: Scene;
const tokens = { wrong: new Map<string, string>(), expired: '', revoked: '', suspended: '', viewer: '', former: '' };

beforeAll(async () => {
  desk = await openDesk();
  scene = await openScene(desk);
  const { nora, olga } = scene;
  for (const scope of accessScopes) tokens.wrong.set(scope, (await desk.addToken(olga, othersThan(scope))).token);
  tokens.expired = await endedBy(nora, { expires_at_ms: 1 });
  tokens.revoked = await endedBy(nora, { revoked_at_ms: 1, revoke_reason: 'old' });
  const sue = await desk.addPerson('sue', 'owner');
  tokens.suspended = (await desk.addToken(sue)).token;
  await desk.kysely.updateTable('account').set({ suspended_at_ms: 1 }).where('id', '=', sue.accountId).execute();
  const fred = await desk.addPerson('fred', 'owner');
  tokens.former = (await desk.addToken(fred)).token;
  await desk.kysely.updateTable('account').set({ role: 'developer' }).where('id', '=', fred.accountId).execute();
  const vera = await desk.addPerson('vera');
  const membership = { team_id: nora.teamIds[0] ?? '', account_id: vera.accountId, role: 'viewer' as const };
  const both = [membership, { ...membership, team_id: scene.emptyTeamId }];
  await desk.kysely.insertInto('team_member').values(both).execute();
  tokens.viewer = (await desk.addToken(vera)).token;
});
afterAll(() => desk.close());

/** Every scope that does not have `wanted` within it. */
function othersThan(wanted: AccessScope): AccessScope[] {
  return accessScopes.filter((scope) => !allowsScope([scope], wanted));
}

async function endedBy(actor: Scene['nora'], columns: object): Promise<string> {
  const { token, accessToken } = await desk.addToken(actor);
  await desk.kysely.updateTable('access_token').set(columns).where('id', '=', accessToken.id).execute();
  return token;
}

/** Nothing is changed without an audit entry, so that the chain tells of every change; and what is only begun. */
async function state(): Promise<string> {
  const { hash } = await desk.kysely.selectFrom('audit_head').select('hash').executeTakeFirstOrThrow();
  const begun = await desk.kysely.selectFrom('idempotent_request').select('key_hash').execute();
  const mails = await desk.kysely
    .selectFrom('outbox')
    .select(({ fn }) => fn.countAll().as('count'))
    .execute();
  return JSON.stringify([hash, begun, mails]);
}

const guarded = operations.filter(wantsToken);
const request = ({ operationId }: AnyOperation): Omit<ApiRequest, 'token'> =>
  cases[operationId]?.ok(scene) ?? { path: '/' };

async function refuses(operation: AnyOperation, token: string | null, status: number, code: string): Promise<void> {
  const before = await state();
  const answer = await desk.call({ ...request(operation), token });
  expect(answer).toMatchObject({ status, body: { code } });
  expect(await state()).toBe(before);
}

describe.each(guarded.map((operation) => [operation.operationId, operation] as const))('%s', (_name, operation) => {
  const { access } = operation;

  test.each([
    ['no token', () => null, 'missing_access_token'],
    ['an expired one', () => tokens.expired, 'access_token_not_active'],
    ['a revoked one', () => tokens.revoked, 'access_token_not_active'],
    ['one of a suspended account', () => tokens.suspended, 'access_token_not_active'],
    ['an API key', () => scene.keyToken, 'access_token_not_active'],
    ['one with a wrong checksum', () => `${scene.noraToken.slice(0, -1)}_`, 'access_token_not_active'],
    ['one that was never issued', () => scene.noraToken.replace('gth_', 'abc_'), 'access_token_not_active'],
  ])('refuses %s', async (_what, token, code) => {
    await refuses(operation, token(), 401, code);
  });

  if (access !== 'any token') {
    test('refuses every token without its scope, though it has all others', async () => {
      await refuses(operation, tokens.wrong.get(access) ?? '', 403, 'access_token_scope_missing');
    });
  }

  if (access.startsWith('owner:')) {
    test('refuses who is an owner no more, and developers', async () => {
      await refuses(operation, tokens.former, 403, 'access_token_scope_missing');
      await refuses(operation, scene.noraToken, 403, 'access_token_scope_missing');
    });
  } else if (/\{(applicationId|teamId|webhookId)\}/.test(operation.path)) {
    ownThings(operation);
  }
});

/** Posts that change nothing. */
const LOOKS = new Set(['previewAllowlist']);

function ownThings(operation: AnyOperation): void {
  test('answers for another team as for what does not exist', async () => {
    await refuses(operation, scene.malloryToken, 404, 'not_found');
    // Owners have no more rights here than anybody else.
    await refuses(operation, scene.olgaToken, 404, 'not_found');
    const foreign = await desk.call({ ...request(operation), token: scene.malloryToken });
    const absent = request(operation);
    const path = absent.path.replace(/(app|team|key|hook|dlv)_\w+/g, (id) =>
      id.replace(/(?<=_)\w+/, (rest) => '0'.repeat(rest.length)),
    );
    expect((await desk.call({ ...absent, path, token: scene.malloryToken })).text).toBe(foreign.text);
  });

  // Whoever is in a team may leave it.
  if (operation.operationId === 'leaveTeam') return;
  test('lets a viewer of the team read, and change nothing', async () => {
    if (operation.method !== 'GET' && !LOOKS.has(operation.operationId))
      await refuses(operation, tokens.viewer, 403, 'role_forbids');
    else expect((await desk.call({ ...request(operation), token: tokens.viewer })).status).toBe(200);
  });
}

test('a level has the lower ones within it, and no other thing', () => {
  expect(allowsScope(['keys:widen'], 'keys:read')).toBe(true);
  expect(allowsScope(['keys:write'], 'keys:widen')).toBe(false);
  expect(allowsScope(['keys:widen', 'owner:read'], 'applications:read')).toBe(false);
  expect(accessScopes.filter(isOwnerScope)).toEqual(['documents:read', 'documents:write', 'owner:read', 'owner:write']);
});

test('a viewer leaves a team, and is told nothing of it from then on', async () => {
  const wilma = await desk.addPerson('wilma');
  const [teamId = ''] = scene.nora.teamIds;
  const membership = { team_id: teamId, account_id: wilma.accountId, role: 'viewer' as const };
  await desk.kysely.insertInto('team_member').values(membership).execute();
  const { token } = await desk.addToken(wilma);
  const look = async () => (await desk.call({ path: `/teams/${teamId}`, token })).status;
  expect(await look()).toBe(200);
  const left = await desk.call({ method: 'DELETE', path: `/account/teams/${teamId}`, token });
  expect([left.status, await look()]).toEqual([204, 404]);
});

test('an owner with a token for keys has no rights beyond the own teams', async () => {
  const { token } = await desk.addToken(scene.olga, ['keys:write']);
  const path = `/applications/${scene.applicationId}/revocation`;
  const answer = await desk.call({ method: 'POST', path, token, body: { reason: 'x' } });
  expect(answer.status).toBe(404);
});

test('cookies are nobody: a session does not open the API', async () => {
  const answer = await desk.call({ path: '/applications', headers: { Cookie: 'gatehouse=anything' } });
  expect(answer).toMatchObject({ status: 401, body: { code: 'missing_access_token' } });
});
