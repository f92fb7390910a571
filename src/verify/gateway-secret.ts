import { timingSafeEqual } from 'node:crypto';

/** Whether a gateway's header holds a secret that the verifier knows. */
export type SecretCheck = (given: string | undefined) => boolean;

/** A gateway that may ask, or another program. */
export interface GatewayCredential {
  /** For metrics. */
  name: string;
  secret: string;
}

export interface CountedSecretCheck {
  check: SecretCheck;
  /** Requests so far, by the name of whose secret they came with. */
  requests(): Readonly<Record<string, number>>;
}

/** Names that no gateway can be given: of the secret that all may share, and of the one before it. */
export const SHARED = 'shared';
export const SHARED_BEFORE = 'shared-previous';

export function gatewayCredentials(config: {
  gatewaySecret: string;
  gatewaySecretPrevious: string | null;
  gatewaySecrets: ReadonlyMap<string, string>;
}): GatewayCredential[] {
  const { gatewaySecret, gatewaySecretPrevious, gatewaySecrets } = config;
  return [
    { name: SHARED, secret: gatewaySecret },
    ...(gatewaySecretPrevious === null ? [] : [{ name: SHARED_BEFORE, secret: gatewaySecretPrevious }]),
    ...[...gatewaySecrets].map(([name, secret]) => ({ name, secret })),
  ];
}

/** Who asks is counted, so that a secret that nobody presents any more can go. */
export function createSecretCheck(credentials: readonly GatewayCredential[]): CountedSecretCheck {
  const known = credentials.map(({ name, secret }) => ({ name, isPresented: compareWith(secret), requests: 0 }));
  return {
    check(given) {
      for (const one of known) {
        if (!one.isPresented(given)) continue;
        one.requests += 1;
        return true;
      }
      return false;
    },
    requests: () => Object.fromEntries(known.map(({ name, requests }) => [name, requests])),
  };
}

/**
 * Compares in a time that tells nothing of the secret but its length (CWE-208). Bytes are written over the last ones: a new
 * buffer for every call took as long as deciding.
 */
function compareWith(secret: string): SecretCheck {
  const expected = Buffer.from(secret);
  const received = Buffer.alloc(expected.length);
  return (given) => {
    // Headers are Latin-1: one byte for each character.
    if (given?.length !== expected.length) return false;
    received.write(given, 'latin1');
    return timingSafeEqual(received, expected);
  };
}
