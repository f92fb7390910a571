import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/server';
import { isoCBOR } from '@simplewebauthn/server/helpers';

/** What a dishonest browser or authenticator may do differently; the signature is right all the same. */
export interface Twist {
  origin?: string;
  rpId?: string;
  type?: string;
  challenge?: string;
  /** Members of the client data that are added or replaced. */
  clientData?: Readonly<Record<string, unknown>>;
  flags?: number;
  counter?: number;
  userHandle?: string | null;
  /** -7 is ES256. */
  algorithm?: number;
  format?: string;
}

const USER_PRESENT = 1;
const USER_VERIFIED = 4;
const HAS_CREDENTIAL = 64;

/** An authenticator with one ES256 credential, as WebAuthn level 3 describes it, that can be told to lie. */
export function createAuthenticator(origin: string) {
  const rpId = new URL(origin).hostname;
  const credentialId = randomBytes(32);
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  let counter = 0;
  let userHandle: string | null = null;

  const clientData = (type: string, challenge: string, twist: Twist): Buffer =>
    Buffer.from(
      JSON.stringify({
        type: twist.type ?? type,
        challenge: twist.challenge ?? challenge,
        origin: twist.origin ?? origin,
        crossOrigin: false,
        ...twist.clientData,
      }),
    );
  const authenticatorData = (twist: Twist, flags: number): Buffer => {
    const head = Buffer.alloc(5);
    head.writeUInt8(twist.flags ?? flags, 0);
    head.writeUInt32BE(twist.counter ?? counter, 1);
    return Buffer.concat([
      createHash('sha256')
        .update(twist.rpId ?? rpId)
        .digest(),
      head,
    ]);
  };
  const coseKey = (algorithm: number): Uint8Array =>
    isoCBOR.encode(
      new Map<number, number | Uint8Array>([
        [1, 2],
        [3, algorithm],
        [-1, 1],
        [-2, new Uint8Array(Buffer.from(x, 'base64url'))],
        [-3, new Uint8Array(Buffer.from(y, 'base64url'))],
      ]),
    );
  const id = credentialId.toString('base64url');

  return {
    id,
    /** The JSON that a browser gives to the page. */
    register(options: PublicKeyCredentialCreationOptionsJSON, twist: Twist = {}): string {
      userHandle = options.user.id;
      const length = Buffer.alloc(2);
      length.writeUInt16BE(credentialId.length);
      const data = Buffer.concat([
        authenticatorData(twist, USER_PRESENT | USER_VERIFIED | HAS_CREDENTIAL),
        Buffer.alloc(16),
        length,
        credentialId,
        coseKey(twist.algorithm ?? -7),
      ]);
      const attestation = isoCBOR.encode(
        new Map<string, string | Uint8Array | Map<string, string>>([
          ['fmt', twist.format ?? 'none'],
          ['attStmt', new Map()],
          ['authData', new Uint8Array(data)],
        ]),
      );
      return JSON.stringify({
        id,
        rawId: id,
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          clientDataJSON: clientData('webauthn.create', options.challenge, twist).toString('base64url'),
          attestationObject: Buffer.from(attestation).toString('base64url'),
          transports: ['internal'],
        },
      });
    },
    /** The JSON of a signed answer; the counter has grown by one. */
    sign(options: Pick<PublicKeyCredentialRequestOptionsJSON, 'challenge'>, twist: Twist = {}): string {
      counter += 1;
      const data = authenticatorData(twist, USER_PRESENT | USER_VERIFIED);
      const json = clientData('webauthn.get', options.challenge, twist);
      const signature = sign('sha256', Buffer.concat([data, createHash('sha256').update(json).digest()]), privateKey);
      return JSON.stringify({
        id,
        rawId: id,
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          clientDataJSON: json.toString('base64url'),
          authenticatorData: data.toString('base64url'),
          signature: signature.toString('base64url'),
          userHandle: twist.userHandle === undefined ? userHandle : twist.userHandle,
        },
      });
    },
  };
}

export type Authenticator = ReturnType<typeof createAuthenticator>;
