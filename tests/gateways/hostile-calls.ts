/** Credentials that cannot be read. */
export const wrongAuthorizations = [
  'Bearer',
  'Bearer ',
  'Bearer a b',
  'Basic',
  'Basic !!!!',
  'Basic ====',
  'Digest x',
  'null',
  `Bearer ${'x'.repeat(7000)}`,
  `Basic ${Buffer.from('\0:\0').toString('base64')}`,
  `Basic ${Buffer.from('gth_live_', 'utf16le').toString('base64')}`,
];

/** What health checks, internal callers and debuggers are sometimes let through for. */
export const privileges = [
  ['User-Agent', 'GoogleHC/1.0'],
  ['User-Agent', 'kube-probe/1.29'],
  ['User-Agent', 'ELB-HealthChecker/2.0'],
  ['X-Original-Status', '200'],
  ['X-Auth-Request-User', 'admin'],
  ['X-Forwarded-User', 'admin'],
  ['Remote-User', 'admin'],
  ['X-Internal', 'true'],
  ['X-Debug', '1'],
  ['Upgrade', 'h2c'],
  ['X-HTTP-Method-Override', 'OPTIONS'],
  ['Origin', 'http://portal.test'],
  ['Gatehouse-Secret', 'x'],
  ['Gatehouse-Status', '200'],
  ['Cookie', 'session='],
];

/** Paths that two servers read differently. */
export const hostilePaths = [
  '/parcels/v2/..%2fv2/parcels',
  '/parcels/v2/x/../parcels',
  '/parcels/v2/./parcels',
  '//parcels/v2/parcels',
  '/parcels//v2/parcels',
  '/parcels/v2/parcels%23',
  '/parcels/v2/parcels#',
  '/parcels/v2/parcels%3f',
  '/parcels/v2/elsewhere?/parcels/v2/parcels',
  '/parcels/v2/elsewhere#/../parcels',
  '/parcels/v2/parcels;/../elsewhere',
  '/parcels/v2/%2570arcels',
  '/parcels/v2/parcels%00',
  '/parcels/v2\\parcels',
  '/Parcels/v2/parcels',
  '/parcels/V2/parcels',
];
