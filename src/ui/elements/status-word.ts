/** Every status word of the portal. Each has one look, everywhere. */
export type StatusWord =
  | 'active'
  | 'ending'
  | 'expired'
  | 'suspended'
  | 'revoked'
  | 'deprecated'
  | 'retired'
  | 'sunset'
  | 'live'
  | 'test'
  | 'owner'
  | 'on'
  | 'failing'
  | 'off'
  | 'waiting'
  | 'delivered'
  | 'failed';
