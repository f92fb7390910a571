import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { operations } from '../../src/management/operations.ts';
import { revisionOf } from '../../src/notices/notice.ts';
import { newId, systemRandom } from '../../src/platform/random.ts';
import { type Desk, openDesk } from './desk.ts';
import { type Scene, tokenOf } from './operation-case.ts';
import { cases } from './operation-cases.ts';
import { openScene } from './scene.ts';

let desk: Desk;
let scene: Scene;
beforeAll(async () => {
  desk = await openDesk();
});
beforeEach(async () => {
  scene = await openScene(desk);
});
afterAll(() => desk.close());

/** What has to have happened before some operations have anything to do. */
async function prepare(operationId: string): Promise<void> {
  const { portal, kysely } = desk;
  if (operationId === 'remindCallers') {
    await desk.addCall(scene.applicationId, scene.keyId);
    const notice = portal.notices.find(scene.noticeSlug);
    const seen = { notice_slug: scene.noticeSlug, revision_at_ms: notice ? revisionOf(notice) : 0, seen_at_ms: 1 };
    await kysely.insertInto('notice_publication').values(seen).execute();
  }
  if (operationId === 'changeOverlap') {
    const rotation = { overlapMs: 60_000, requestId: newId(systemRandom, 'req') };
    await portal.keys.rotate(scene.nora, scene.applicationId, scene.keyId, rotation);
  }
  if (operationId === 'resumeKey') await portal.keys.suspend(scene.olga, scene.keyId, 'Stop.');
  if (operationId === 'resumeDormantKey') {
    const suspension = { suspended_at_ms: 1, suspend_reason: 'Never called', suspend_cause: 'dormancy' } as const;
    await kysely.updateTable('api_key').set(suspension).where('id', '=', scene.keyId).execute();
  }
  if (operationId === 'addSubscription') {
    await kysely.deleteFrom('subscription').where('application_id', '=', scene.applicationId).execute();
  }
}

test('every operation has a case, and every case an operation', () => {
  expect(Object.keys(cases).sort()).toEqual(operations.map(({ operationId }) => operationId).sort());
});

describe.each(operations.map((operation) => [operation.operationId, operation] as const))('%s', (name, operation) => {
  const one = cases[name];
  if (!one) throw new Error(`${name} has no case`);

  test('answers as documented', async () => {
    await prepare(name);
    const answer = await desk.call({ ...one.ok(scene), token: tokenOf(one, scene) });
    expect(answer.status).toBe(operation.success.status);
    if (one.answers) expect(answer.body).toMatchObject(one.answers(scene));
    const isCacheable = operation.cacheable === true;
    expect(answer.headers.get('cache-control')).toBe(isCacheable ? 'public, max-age=60' : 'no-store');
  });

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
