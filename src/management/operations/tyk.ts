import { absent, absentHere, answer } from '../answers.ts';
import { defineOperation } from '../operation.ts';
import { cut } from '../page.ts';
import { keyParams } from '../schemas/keys.ts';
import { noParams, noQuery } from '../schemas/registry.ts';
import {
  describeTykKey,
  describeTykNote,
  describeTykOverview,
  keyInTykSchema,
  tykKeysQuery,
  tykKeysSchema,
  tykOverviewSchema,
} from '../schemas/tyk.ts';

const NOT_CONNECTED = 'No Tyk gateway is connected to this portal.';

const getTykOverview = defineOperation({
  operationId: 'getTykOverview',
  method: 'GET',
  path: '/owner/tyk',
  tag: 'Owners',
  summary: 'See whether Tyk has every key',
  access: 'owner:read',
  params: noParams,
  query: noQuery,
  body: null,
  success: { status: 200, description: 'How Tyk stands.', schema: tykOverviewSchema },
  refusals: ['not_found'],
  async handler({ portal, caller }) {
    const overview = portal.tyk && (await portal.tyk.overview(caller().actor));
    return overview ? answer(describeTykOverview(overview)) : absentHere(NOT_CONNECTED);
  },
});

const listTykKeys = defineOperation({
  operationId: 'listTykKeys',
  method: 'GET',
  path: '/owner/tyk/keys',
  tag: 'Owners',
  summary: 'List the keys that are not in Tyk as they should be',
  access: 'owner:read',
  params: noParams,
  query: tykKeysQuery,
  body: null,
  success: { status: 200, description: 'A page of one of the lists.', schema: tykKeysSchema },
  refusals: ['not_found'],
  async handler({ portal, caller, query: { list, limit, cursor } }) {
    const request = { list, afterKeyId: cursor?.id ?? '', limit: limit + 1 };
    const found = portal.tyk && (await portal.tyk.keys(caller().actor, request));
    if (!found) return absentHere(NOT_CONNECTED);
    const { items, nextCursor } = cut(found, limit, ({ keyId: id }) => ({ at: 0, id }));
    return answer({ keys: items.map(describeTykKey), nextCursor });
  },
});

const compareTykKeys = defineOperation({
  operationId: 'compareTykKeys',
  method: 'POST',
  path: '/owner/tyk/comparison',
  tag: 'Owners',
  summary: 'Compare every key with Tyk',
  description: 'Begins within a second. What differs is put right, and stands in the list `drifted` afterwards.',
  access: 'owner:write',
  params: noParams,
  query: noQuery,
  body: null,
  success: { status: 204, description: 'It begins soon.', schema: null },
  refusals: ['not_found'],
  repeatable: true,
  async handler({ portal, caller }) {
    const isAsked = portal.tyk !== null && (await portal.tyk.check(caller().actor));
    return isAsked ? { status: 204 } : absentHere(NOT_CONNECTED);
  },
});

const getKeyInTyk = defineOperation({
  operationId: 'getKeyInTyk',
  method: 'GET',
  path: '/applications/{applicationId}/keys/{keyId}/tyk',
  tag: 'Keys',
  summary: 'See whether Tyk has a key',
  description: 'Not found as well for a key that opens no API behind Tyk.',
  access: 'keys:read',
  params: keyParams,
  query: noQuery,
  body: null,
  success: { status: 200, description: 'How the key is in Tyk.', schema: keyInTykSchema },
  refusals: ['not_found'],
  async handler({ portal, caller, params: { applicationId, keyId } }) {
    const note = portal.tyk && (await portal.tyk.note(caller().actor, applicationId, keyId));
    return note ? answer(describeTykNote(note)) : absent('key');
  },
});

/** For developers: of their own keys. */
export const tykOperations = [getKeyInTyk];

/** For owners: of all. */
export const ownerTykOperations = [getTykOverview, listTykKeys, compareTykKeys];
