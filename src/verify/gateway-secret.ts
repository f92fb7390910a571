import { timingSafeEqual } from 'node:crypto';

/** Whether a gateway's header holds the secret that it shares with the verifier. */
export type SecretCheck = (given: string | undefined) => boolean;

/**
 * Compares in a time that tells nothing of the secret but its length (CWE-208). Bytes are written over the last ones: a new
 * buffer for every call took as long as deciding.
 */
export function createSecretCheck(secret: string): SecretCheck {
  const expected = Buffer.from(secret);
  const received = Buffer.alloc(expected.length);
  return (given) => {
    // Headers are Latin-1: one byte for each character.
    if (given?.length !== expected.length) return false;
    received.write(given, 'latin1');
    return timingSafeEqual(received, expected);
  };
}
