import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { type Visitor, issueKey, keyPathIn, newApplication, signedInVisitor, tokenIn } from '../pages/visitor.ts';
import { type PortalProcess, startPortalProcess } from '../support/portal-process.ts';

const CALLS_PER_SECOND = 200;
const SECONDS = 5;
/** Of the plan `pro`, a month. */
const QUOTA = 2_000_000;

let portal: PortalProcess;
beforeAll(async () => {
  portal = await startPortalProcess();
});
afterAll(() => portal.stop());

interface Answer {
  status: number;
  quotaLeft: number;
  ends: string | null;
  link: string;
}

async function call(token: string): Promise<Answer> {
  const response = await fetch(`${portal.gatewayUrl}/parcels/v2/services`, {
    headers: { Authorization: `Bearer ${token}` },
  });
  await response.arrayBuffer();
  return {
    status: response.status,
    quotaLeft: Number(/"quota";r=(\d+)/.exec(response.headers.get('ratelimit') ?? '')?.[1]),
    ends: response.headers.get('gatehouse-key-expires'),
    link: response.headers.get('link') ?? '',
  };
}

/** Calls at an even pace with the token that is current then; `at` does something in the middle. */
async function traffic(token: () => string, at: ReadonlyMap<number, () => Promise<void>>): Promise<Answer[]> {
  const answers: Promise<Answer>[] = [];
  const changes: Promise<void>[] = [];
  const startedAt = performance.now();
  for (let index = 0; index < CALLS_PER_SECOND * SECONDS; index += 1) {
    const waitMs = startedAt + (index * 1000) / CALLS_PER_SECOND - performance.now();
    if (waitMs > 0) await sleep(waitMs);
    const change = at.get(index);
    if (change) changes.push(change());
    answers.push(call(token()));
  }
  await Promise.all(changes);
  return Promise.all(answers);
}

async function rotate(person: Visitor, path: string): Promise<string> {
  const form = await person.get(`${path}/rotation`);
  const requestId = form.all('[name=requestId]')[0]?.getAttribute('value') ?? '';
  return tokenIn(await person.post(`${path}/rotation`, { requestId, overlap: '1h', until: '' })) ?? '';
}

test('200 calls a second through the gateway, and a rotation in the middle: none is refused, and the quota is exact', async () => {
  const person = await signedInVisitor(portal.portalUrl);
  const shop = await newApplication(person);
  await person.post(`${shop}/subscriptions`, { apiSlug: 'parcels', planSlug: 'pro' });
  const issued = await issueKey(person, shop);
  const [path, old] = [keyPathIn(issued), tokenIn(issued) ?? ''];
  let current = old;
  let successor = '';
  const answers = await traffic(
    () => current,
    new Map([
      [CALLS_PER_SECOND, async () => void (successor = await rotate(person, path))],
      // Two seconds later the new key is deployed.
      [CALLS_PER_SECOND * 3, async () => Promise.resolve(void (current = successor))],
    ]),
  );
  expect(current).toMatch(/^gth_test_/);
  expect(current).not.toBe(old);
  expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
  const told = answers.filter(({ ends }) => ends !== null);
  expect(told.length).toBeGreaterThan(0);
  for (const { ends, link } of told) {
    expect(ends).toMatch(/^@\d{10}$/);
    expect(link).toContain(`<${portal.portalUrl}${path}>; rel="related"`);
  }
  // Both keys have used the same quota: one of them alone, or neither twice, would leave another rest.
  expect((await call(successor)).quotaLeft).toBe(QUOTA - answers.length - 1);
  await person.post(`${path}/overlap`, { overlap: 'now' });
  expect([(await call(old)).status, (await call(successor)).status]).toEqual([401, 200]);
}, 120_000);
