import { absentHere, answer, created } from '../answers.ts';
import { defineOperation } from '../operation.ts';
import {
  calendarFeedSchema,
  describeCalendarFeed,
  newCalendarFeedSchema,
  noticeMailBody,
  noticeMailSchema,
} from '../schemas/preferences.ts';
import { noParams, noQuery } from '../schemas/registry.ts';

const NO_CALENDAR = 'You have no calendar address.';

const getNoticeMail = defineOperation({
  operationId: 'getNoticeMail',
  method: 'GET',
  path: '/account/notice-mail',
  tag: 'Account',
  summary: 'See how you are mailed about notices',
  access: 'notices:read',
  params: noParams,
  query: noQuery,
  body: null,
  success: { status: 200, description: 'At once, once a day, or not at all.', schema: noticeMailSchema },
  refusals: [],
  handler: async ({ portal, caller }) => answer({ mail: await portal.notices.mailPreference(caller().actor) }),
});

const changeNoticeMail = defineOperation({
  operationId: 'changeNoticeMail',
  method: 'PUT',
  path: '/account/notice-mail',
  tag: 'Account',
  summary: 'Choose how you are mailed about notices',
  access: 'notices:write',
  params: noParams,
  query: noQuery,
  body: noticeMailBody,
  exampleBody: { mail: 'digest' },
  success: { status: 200, description: 'What you chose.', schema: noticeMailSchema },
  refusals: [],
  async handler({ portal, caller, body }) {
    await portal.notices.changeMailPreference(caller().actor, body.mail);
    return answer(body);
  },
});

const getCalendarFeed = defineOperation({
  operationId: 'getCalendarFeed',
  method: 'GET',
  path: '/account/calendar',
  tag: 'Account',
  summary: 'See whether your calendar program reads due dates',
  access: 'keys:read',
  params: noParams,
  query: noQuery,
  body: null,
  success: { status: 200, description: 'The calendar address, without the address.', schema: calendarFeedSchema },
  refusals: ['not_found'],
  async handler({ portal, caller }) {
    const feed = await portal.keys.calendar.find(caller().actor);
    return feed ? answer(describeCalendarFeed(feed)) : absentHere(NO_CALENDAR);
  },
});

const createCalendarFeed = defineOperation({
  operationId: 'createCalendarFeed',
  method: 'POST',
  path: '/account/calendar',
  tag: 'Account',
  summary: 'Get an address with the due dates of your keys',
  description: 'For calendar programs, as iCalendar. The address before it ends at once.',
  access: 'keys:write',
  params: noParams,
  query: noQuery,
  body: null,
  success: { status: 201, description: 'The address.', schema: newCalendarFeedSchema },
  refusals: [],
  // Only the newest address works, so that one more does no harm.
  repeatable: true,
  handler: async ({ portal, caller }) =>
    created(await portal.keys.calendar.create(caller().actor), '/account/calendar'),
});

const endCalendarFeed = defineOperation({
  operationId: 'endCalendarFeed',
  method: 'DELETE',
  path: '/account/calendar',
  tag: 'Account',
  summary: 'End your calendar address',
  access: 'keys:write',
  params: noParams,
  query: noQuery,
  body: null,
  success: { status: 204, description: 'It leads nowhere any more.', schema: null },
  refusals: ['not_found'],
  async handler({ portal, caller }) {
    const isEnded = await portal.keys.calendar.end(caller().actor);
    return isEnded ? { status: 204 } : absentHere(NO_CALENDAR);
  },
});

export const preferenceOperations = [
  getNoticeMail,
  changeNoticeMail,
  getCalendarFeed,
  createCalendarFeed,
  endCalendarFeed,
];
