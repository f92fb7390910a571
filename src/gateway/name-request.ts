import type { IncomingMessage, ServerResponse } from 'node:http';

import type { ClientAddressResolver } from '../platform/client-address.ts';
import { parseIpAddress } from '../platform/ip-address.ts';
import { REQUEST_ID_HEADER, type RequestIds } from '../platform/request-id.ts';

/** Gives a call an id, which its upstream and its caller get to see: with it both can say which call they mean. */
export function nameRequest(
  { resolver, requestIds }: { resolver: ClientAddressResolver; requestIds: RequestIds },
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const peer = parseIpAddress(request.socket.remoteAddress ?? '');
  const given = request.headers['x-request-id'];
  const id = requestIds(typeof given === 'string' ? given : undefined, peer !== null && resolver.trusts(peer));
  request.headers['x-request-id'] = id;
  response.setHeader(REQUEST_ID_HEADER, id);
}
