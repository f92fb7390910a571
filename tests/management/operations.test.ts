import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { operations } from '../../src/management/operations.ts';
import { revisionOf } from '../../src/notices/notice.ts';
import { newId, systemRandom } from '../../src/platform/random.ts';
import { type Desk, openDesk } from './desk.ts';
import { addRequest } from './directory-cases.ts';
import { type OperationCase, type Scene, tokenOf } from './operation-case.ts';
import { prepareNotice } from './notice-cases.ts';
import { cases } from './operation-cases.ts';
import { submitFor } from './publishing-cases.ts';
import { openScene } from './scene.ts';

let desk: Desk;
let scene: Scene;
beforeAll(async () => {
  desk = await openDesk();
  scene = await openScene(desk);
});
afterAll(() => desk.close());

const PUBLIC_POLICIES = new Set(['listPolicies', 'getPolicy', 'listOwnPolicies']);

async function announce(): Promise<void> {
  const { owner } = desk.portal.policies;
  const policy = await owner.find(scene.olga, scene.policySlug);
  if (policy) await owner.move(scene.olga, policy.id, { to: 'announced', revision: policy.revision });
}

/** What has to have happened before some operations have anything to do. */
async function prepare(operationId: string): Promise<void> {
  const { portal, kysely } = desk;
  if (operationId === 'remindCallers') {
    await desk.addCall(scene.applicationId, scene.keyId);
    const notice = portal.notices.find(scene.noticeSlug);
    const seen = { notice_slug: scene.noticeSlug, revision_at_ms: notice ? revisionOf(notice) : 0, seen_at_ms: 1 };
    await kysely.insertInto('notice_publication').values(seen).execute();
  }
  await submitFor(operationId, desk, scene);
  await prepareNotice(operationId, desk, scene);
  if (operationId.includes('SubscriptionRequest')) await addRequest(desk, scene);
  if (operationId === 'changeOverlap') {
    const rotation = { overlapMs: 60_000, requestId: newId(systemRandom, 'req') };
    await portal.keys.rotate(scene.nora, scene.applicationId, scene.keyId, rotation);
  }
  if (operationId === 'resumeKey') await portal.keys.suspend(scene.olga, scene.keyId, 'Stop.');
  const suspended = {
    resumeAccount: ['account', scene.mallory.accountId],
    resumeTeam: ['team', scene.mallory.teamIds[0] ?? ''],
    resumeApplication: ['application', scene.applicationId],
  } as const;
  const paused = Object.entries(suspended).find(([name]) => name === operationId)?.[1];
  if (paused) await portal.directory.suspend(scene.olga, paused[0], paused[1], 'Stop.');
  if (operationId === 'resumeDormantKey') {
    const suspension = { suspended_at_ms: 1, suspend_reason: 'Never called', suspend_cause: 'dormancy' } as const;
    await kysely.updateTable('api_key').set(suspension).where('id', '=', scene.keyId).execute();
  }
  if (PUBLIC_POLICIES.has(operationId)) await announce();
  if (operationId === 'getCalendarFeed' || operationId === 'endCalendarFeed') {
    await portal.keys.calendar.create(scene.nora);
  }
  if (operationId === 'addSubscription') {
    await kysely.deleteFrom('subscription').where('application_id', '=', scene.applicationId).execute();
  }
}

test('every operation has a case, and every case an operation', () => {
  expect(Object.keys(cases).sort()).toEqual(operations.map(({ operationId }) => operationId).sort());
});

const listed = operations.map((operation) => [operation.operationId, operation] as const);

function caseOf(name: string): OperationCase {
  const one = cases[name];
  if (!one) throw new Error(`${name} has no case`);
  return one;
}

describe.each(listed)('%s', (name) => {
  const one = caseOf(name);

  test('refuses as documented, with a problem', async () => {
    const { code, ...request } = one.refused(scene);
    const answer = await desk.call({ ...request, token: tokenOf(one, scene) });
    expect(answer.body).toMatchObject({ code, status: answer.status });
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.body.type).toBe(`https://developers.example/errors/${code}`);
  });

  test('refuses a query parameter it does not know, without repeating it', async () => {
    const request = one.ok(scene);
    const path = `${request.path}${request.path.includes('?') ? '&' : '?'}${scene.keyToken}=1`;
    const answer = await desk.call({ ...request, path, token: tokenOf(one, scene) });
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_parameter' } });
    expect(answer.text).not.toContain(scene.keyToken);
  });
});

test.each(listed)('%s answers as documented', async (name, operation) => {
  const one = caseOf(name);
  // What was refused has changed nothing; what succeeds does, and each begins anew.
  scene = await openScene(desk);
  await prepare(name);
  const answer = await desk.call({ ...one.ok(scene), token: tokenOf(one, scene) });
  expect(answer.status).toBe(operation.success.status);
  if (one.answers) expect(answer.body).toMatchObject(one.answers(scene));
  const isCacheable = operation.cacheable === true;
  expect(answer.headers.get('cache-control')).toBe(isCacheable ? 'public, max-age=60' : 'no-store');
});
