import type { APIRoute } from 'astro';

import { answerCall } from '../../../management/answer-call.ts';

export const ALL: APIRoute = ({ request, locals: { portal, origin } }) => answerCall(portal, request, origin);
