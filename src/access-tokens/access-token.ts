/** A personal access token: programs of one account call the management API with it. Rules only. */
export interface AccessToken {
  id: string;
  name: string;
  /** First and last four characters of the secret part, to tell tokens apart. */
  firstFour: string;
  lastFour: string;
  scopes: readonly AccessScope[];
  createdAtMs: number;
  expiresAtMs: number;
  /** Within a minute; null when it was never used. */
  lastUsedAtMs: number | null;
  lastUsedAddress: string | null;
  revokedAtMs: number | null;
  revokeReason: string | null;
}

/** What a token may be allowed to do with one kind of thing, from little to much. */
export const ACCESS_LEVELS = {
  applications: ['read', 'write'],
  keys: ['read', 'write', 'widen'],
  usage: ['read'],
  notices: ['read', 'write'],
  webhooks: ['read', 'write'],
  teams: ['read', 'write'],
  audit: ['read'],
  documents: ['read', 'write'],
  owner: ['read', 'write'],
} as const;

export type AccessResource = keyof typeof ACCESS_LEVELS;

export type AccessLevel = 'read' | 'write' | 'widen';

export type AccessScope = {
  [Resource in AccessResource]: `${Resource}:${(typeof ACCESS_LEVELS)[Resource][number]}`;
}[AccessResource];

export const accessResources = Object.keys(ACCESS_LEVELS) as AccessResource[];

/** Every scope that there is. */
export const accessScopes: readonly AccessScope[] = accessResources.flatMap((resource) =>
  ACCESS_LEVELS[resource].map((level) => `${resource}:${level}` as AccessScope),
);

export const ACCESS_TOKEN_NAME_MAX_LENGTH = 60;
export const ACCESS_TOKENS_PER_ACCOUNT = 50;
export const ACCESS_TOKEN_MAX_DAYS = 365;
export const ACCESS_TOKEN_DEFAULT_DAYS = 90;

export type AccessTokenState = 'active' | 'expired' | 'revoked';

export function accessTokenStateAt(
  token: Pick<AccessToken, 'revokedAtMs' | 'expiresAtMs'>,
  nowMs: number,
): AccessTokenState {
  if (token.revokedAtMs !== null) return 'revoked';
  return token.expiresAtMs <= nowMs ? 'expired' : 'active';
}

/** A higher level of the same resource has the lower ones within it: who may write may read. */
export function allowsScope(granted: readonly AccessScope[], wanted: AccessScope): boolean {
  const [resource, level] = splitScope(wanted);
  const levels: readonly string[] = ACCESS_LEVELS[resource];
  return granted.some((scope) => {
    const [ownResource, ownLevel] = splitScope(scope);
    return ownResource === resource && levels.indexOf(ownLevel) >= levels.indexOf(level);
  });
}

/** True when a token can do what only owners may; it counts only while its account is an owner. */
export function isOwnerScope(scope: AccessScope): boolean {
  const [resource] = splitScope(scope);
  return resource === 'owner' || resource === 'documents';
}

export function splitScope(scope: AccessScope): [AccessResource, AccessLevel] {
  const [resource, level] = scope.split(':');
  return [resource as AccessResource, level as AccessLevel];
}

export type CreateAccessTokenResult =
  | { ok: true; accessToken: AccessToken; /** Shown once, stored nowhere. */ token: string }
  | { ok: false; reason: 'owners_only' }
  | { ok: false; reason: 'too_many_tokens'; limit: number }
  | { ok: false; reason: 'already_issued'; tokenId: string };

export type RevokeAccessTokenResult =
  { ok: true; accessToken: AccessToken } | { ok: false; reason: 'not_found' | 'token_not_active' };
