/** What the program reads of the answers of the management API; its document has all members. */
export interface ApplicationRecord {
  id: string;
  name: string;
  createdAt: string;
}

export interface KeyRecord {
  id: string;
  applicationId: string;
  name: string;
  environment: 'live' | 'test';
  state: 'active' | 'suspended' | 'expired' | 'revoked';
  firstFour: string;
  lastFour: string;
  allowlist: readonly { cidr: string; note: string }[];
  createdAt: string;
  expiresAt: string | null;
  rotationIntervalDays: number | null;
  replaced: { byKeyId: string; at: string } | null;
}

export interface IssuedRecord {
  key: KeyRecord;
  token: string;
}

export interface RotatedRecord extends IssuedRecord {
  replacedKeyId: string;
  oldKeyEndsAt: string;
}

export interface AccountRecord {
  id: string;
  email: string;
  token: { id: string; name: string; scopes: readonly string[]; expiresAt: string };
}

export interface WebhookRecord {
  id: string;
  url: string;
  description: string;
  eventTypes: readonly string[];
  isOn: boolean;
  failingSince: string | null;
}

export interface UsageRecord {
  days: readonly { day: string; allowed: number; refused: number }[];
  quotas: readonly Record<string, unknown>[];
}
