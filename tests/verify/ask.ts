import { type CallAnswer, call } from '../gateway/call.ts';
import { GATEWAY_SECRET } from './world.ts';

export const secret = { 'Gatehouse-Secret': GATEWAY_SECRET };

/** The headers of a question as nginx asks it, for a call that is in order. */
export function question(token: string, more: Record<string, string> = {}): Record<string, string> {
  return {
    ...secret,
    'X-API-Key': token,
    'X-Original-Method': 'GET',
    'X-Original-URI': '/parcels/v2/parcels',
    'X-Forwarded-For': '203.0.113.9',
    ...more,
  };
}

export function askNginx(verifierPort: number, headers: Record<string, string> | string[]): Promise<CallAnswer> {
  return call(verifierPort, { path: '/verify/nginx', headers });
}
