import { expect, it } from 'vitest';

import { createLanes } from '../../src/jobs/webhook-lanes.ts';

const endpoint = (id: string, teamId: string | null, isProven: boolean) => ({ id, teamId, isProven });

it('however many endpoints hang, those that answer keep their places, in every team', () => {
  const lanes = createLanes();
  for (let at = 0; at < 1000; at += 1) {
    const hanging = endpoint(`hanging-${at}`, `team-${at % 50}`, false);
    if (lanes.room(hanging) > 0) lanes.enter(hanging);
  }
  expect(lanes.room(endpoint('another', 'team-99', false))).toBe(0);
  expect(lanes.room(endpoint('good', 'team-1', true))).toBe(4);
});

it('an endpoint has four places, a failing one has one, a team has eight, and each is free again afterwards', () => {
  const lanes = createLanes();
  const [failing, good] = [endpoint('failing', null, false), endpoint('good', null, true)];
  expect(lanes.room(failing)).toBe(1);
  const leave = lanes.enter(failing);
  expect(lanes.room(failing)).toBe(0);
  leave();
  expect(lanes.room(failing)).toBe(1);
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) lanes.enter(endpoint(name, null, true));
  expect(lanes.room(good)).toBe(1);
  expect(lanes.room(endpoint('of others', 'team', true))).toBe(4);
});
