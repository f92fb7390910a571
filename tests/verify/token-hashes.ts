import { prepareTokenHash, toPepper } from '../../src/keys/pepper.ts';
import type { TokenHashes } from '../../src/verify/key-lookup.ts';

/** As nearly always: no pepper is being replaced. */
export function underOnePepper(secret: Uint8Array): TokenHashes {
  return { current: prepareTokenHash(toPepper(secret)), previous: null, onPrevious: () => undefined };
}
