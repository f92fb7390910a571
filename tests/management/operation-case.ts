import type { Actor } from '../../src/accounts/account.ts';
import type { ApiRequest, Desk } from './desk.ts';

/** People and things that every operation can be tried on. */
export interface Scene {
  desk: Desk;
  nora: Actor;
  mallory: Actor;
  olga: Actor;
  noraToken: string;
  malloryToken: string;
  olgaToken: string;
  applicationId: string;
  keyId: string;
  keyToken: string;
  /** A viewer of nora's team, somebody who is invited to it, and a second team of nora's with nothing in it. */
  memberId: string;
  invitationId: string;
  emptyTeamId: string;
  /** A third team, in which nora is not the only admin. */
  sharedTeamId: string;
  ownerInvitationId: string;
  /** Of a notice that concerns whoever is subscribed to Parcels. */
  noticeSlug: string;
  webhookId: string;
  deliveryId: string;
  ownerWebhook: { webhookId: string; deliveryId: string };
  /** Of a draft that hits the scene's key. */
  policySlug: string;
  /** Of an incident that olga has drafted. */
  writtenNoticeId: string;
  commentId: string;
  reportId: string;
}

export interface OperationCase {
  /** A call that succeeds. */
  ok: (scene: Scene) => Omit<ApiRequest, 'token'>;
  /** Whose token it takes; nora's unless said otherwise. */
  by?: 'nora' | 'olga' | 'nobody' | 'key';
  /** What the answer must hold. */
  answers?: (scene: Scene) => object;
  /** A call that is refused, and with which code. */
  refused: (scene: Scene) => Omit<ApiRequest, 'token'> & { code: string };
}

/** The path of the scene's key. */
export const keyPath = ({ applicationId, keyId }: Scene, rest = ''): string =>
  `/applications/${applicationId}/keys/${keyId}${rest}`;

export const ABSENT_APPLICATION = `app_${'0'.repeat(20)}`;
export const ABSENT_KEY = `key_${'0'.repeat(20)}`;
export const reason = { reason: 'Laptop lost' };

export const unknownQuery = (path: string) => ({ path: `${path}?x=1`, code: 'invalid_parameter' });

export const absent = (method: string, path: string, body?: object) => ({
  method,
  path,
  ...(body && { body }),
  code: 'not_found',
});

/** The token that a case is tried with. */
export function tokenOf({ by = 'nora' }: OperationCase, scene: Scene): string | null {
  return { nora: scene.noraToken, olga: scene.olgaToken, key: scene.keyToken, nobody: null }[by];
}
