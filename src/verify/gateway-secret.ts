import { timingSafeEqual } from 'node:crypto';

/** Whether a gateway's header holds a secret that it shares with the verifier. */
export type SecretCheck = (given: string | undefined) => boolean;

export interface GatewaySecrets {
  gatewaySecret: string;
  /** While gateways are given a new one. */
  gatewaySecretPrevious: string | null;
}

/** @param onPrevious told of every question with the previous secret: when nobody asks so any more, it can go */
export function createSecretCheck(
  { gatewaySecret, gatewaySecretPrevious }: GatewaySecrets,
  onPrevious: () => void,
): SecretCheck {
  const isCurrent = compareWith(gatewaySecret);
  if (gatewaySecretPrevious === null) return isCurrent;
  const isPrevious = compareWith(gatewaySecretPrevious);
  return (given) => {
    if (isCurrent(given)) return true;
    const isKnown = isPrevious(given);
    if (isKnown) onPrevious();
    return isKnown;
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
