import type { RestrictionChange } from '../../src/key-restrictions/key-restrictions.ts';
import { API } from '../keys/gate.ts';
import type { LimitChange, Limits, ModelCall } from './restriction-model.ts';

/** What the choices and situations of the model are to the program. */

const allowlists: Record<Limits['addresses'], string[]> = {
  any: [],
  office: ['203.0.113.0/24'],
  'office in halves': ['203.0.113.128/25', '203.0.113.0/25'],
  desk: ['203.0.113.7/32'],
  'office and branch': ['198.51.100.0/25', '203.0.113.0/24'],
};
const methods = { any: [], GET: ['GET'], 'GET and HEAD': ['GET', 'HEAD'], HEAD: ['HEAD'], POST: ['POST'] } as const;
const operations = { any: [], list: ['listParcels'], create: ['createParcel'], both: ['listParcels', 'createParcel'] };
const scopes = { any: [], read: ['parcels:read'], write: ['parcels:write'], both: ['parcels:read', 'parcels:write'] };
const referrers = {
  any: [],
  app: ['https://app.example.com'],
  below: ['https://*.example.com'],
  'app and below': ['https://app.example.com', 'https://*.example.com'],
};

const addresses = { office: '203.0.113.200', desk: '203.0.113.7', branch: '198.51.100.9', elsewhere: '192.0.2.1' };
const origins = {
  none: undefined,
  app: 'https://app.example.com',
  shop: 'https://shop.eu.example.com',
  foreign: 'https://app.example.com.test',
};
const calls = { list: 'GET', look: 'HEAD', create: 'POST' };

export function changeOf(change: LimitChange): RestrictionChange {
  return {
    ...(change.addresses && {
      allowlist: allowlists[change.addresses].map((cidr) => ({ cidr, note: change.addresses ?? '' })),
    }),
    ...(change.methods && { methods: methods[change.methods] }),
    ...(change.operations && {
      operations: operations[change.operations].map((operationId) => ({ api: API, version: 'v2', operationId })),
    }),
    ...(change.scopes && { scopes: scopes[change.scopes] }),
    ...(change.sites && { referrers: referrers[change.sites] }),
  };
}

export function questionOf({ from, site, what }: ModelCall) {
  return { address: addresses[from], origin: origins[site], method: calls[what], path: '/parcels' };
}
