import type { APIRoute } from 'astro';

import { enterKey } from '../../../../../ui/keys/enter-key.ts';

/** For the page that reveals a key, which waits for the first call with it. */
export const GET: APIRoute = async (context) => {
  const entry = await enterKey(context);
  if (!entry.ok) return entry.answer;
  const { portal } = context.locals;
  const activity = await portal.keys.activity(entry.actor, entry.application.id);
  const last = activity.find(({ keyId }) => keyId === entry.key.id);
  const call = last && {
    secondsAgo: Math.max(0, Math.round((portal.nowMs() - last.lastCalledAtMs) / 1000)),
    address: last.lastAddress,
    verdict: last.lastVerdict,
  };
  return Response.json({ call: call ?? null }, { headers: { 'Cache-Control': 'no-store' } });
};
