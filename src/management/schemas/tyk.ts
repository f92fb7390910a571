import { z } from 'zod';

import type { TykKeyForOwner, TykKeyNote, TykList, TykOverview } from '../../tyk/tyk-overview.ts';
import { pageQuery } from '../page.ts';
import { nextCursor } from './parts.ts';
import { answerSchema, maybeTime, maybeTimeText } from './registry.ts';

const lists = ['to_rotate', 'waiting', 'held_back', 'drifted'] as const satisfies readonly TykList[];

export const tykKeysQuery = z.strictObject({
  list: z
    .enum(lists, `list must be one of ${lists.join(', ')}.`)
    .default('to_rotate')
    .meta({
      description:
        '`to_rotate`: Tyk has them not, and their tokens are nowhere. `waiting`: a change has not reached Tyk. `held_back`: inactive there. `drifted`: somebody else had changed them there.',
    }),
  ...pageQuery,
});

const noteMembers = {
  state: z
    .enum(['unknown', 'missing', 'present', 'lost', 'removed'])
    .meta({ description: '`unknown`: issued before Tyk was connected. `missing` and `lost`: it has to be rotated.' }),
  since: maybeTime(),
  heldBack: z
    .string()
    .nullable()
    .meta({ description: 'Why it is inactive in Tyk though it works here.', examples: ['addresses'] }),
  problem: z
    .string()
    .nullable()
    .meta({ description: 'Why the last attempt to bring a change there failed.', examples: ['unreachable'] }),
};

export const keyInTykSchema = answerSchema('KeyInTyk', z.object(noteMembers));

export const tykOverviewSchema = answerSchema(
  'TykOverview',
  z.object({
    seenAt: maybeTime().meta({ description: 'When Tyk last answered as it should.' }),
    comparedAt: maybeTime().meta({ description: 'When the last comparison of all keys began.' }),
    isComparingSoon: z.boolean(),
    problem: noteMembers.problem,
    keys: z.int().meta({ description: 'Those that work here, and open an API of Tyk.' }),
    present: z.int().meta({ description: 'Those of them that Tyk has.' }),
  }),
);

export const tykKeysSchema = answerSchema(
  'TykKeyList',
  z.object({
    keys: z
      .array(
        z.object({
          keyId: z.string(),
          keyName: z.string(),
          applicationName: z.string(),
          teamName: z.string(),
          ...noteMembers,
          drift: z.array(z.string()).meta({ description: 'Fields that somebody else had changed in Tyk.' }),
          driftAt: maybeTime(),
        }),
      )
      .meta({ description: 'By key id.' }),
    nextCursor,
  }),
);

export function describeTykNote({ state, sinceMs, heldBack, problem }: TykKeyNote) {
  return { state, since: maybeTimeText(sinceMs), heldBack: heldBack || null, problem: problem || null };
}

export function describeTykOverview({ seenAtMs, checkedAtMs, checkWanted, problem, keys, present }: TykOverview) {
  return {
    seenAt: maybeTimeText(seenAtMs),
    comparedAt: maybeTimeText(checkedAtMs),
    isComparingSoon: checkWanted,
    problem: problem || null,
    keys,
    present,
  };
}

export function describeTykKey(key: TykKeyForOwner) {
  const { keyId, keyName, applicationName, teamName, drift, driftAtMs } = key;
  return {
    keyId,
    keyName,
    applicationName,
    teamName,
    ...describeTykNote(key),
    drift,
    driftAt: maybeTimeText(driftAtMs),
  };
}
