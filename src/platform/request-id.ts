import { type Random, randomBase62 } from './random.ts';

export const REQUEST_ID_HEADER = 'X-Request-Id';

const GIVEN = /^[A-Za-z0-9._:-]{8,128}$/;

/** The id of a request: the given one where it is trusted, else one of ours. */
export type RequestIds = (given: string | undefined, isTrusted: boolean) => string;

/**
 * Names requests, so that what several programs say about one can be put together. An id that a trusted proxy gave is
 * kept; everybody else could put anything into our log under another's name.
 */
export function createRequestIds(random: Random): RequestIds {
  const prefix = randomBase62(random, 12);
  let count = 0;
  return (given, isTrusted) => {
    if (isTrusted && given !== undefined && GIVEN.test(given)) return given;
    count += 1;
    return `${prefix}-${count.toString(36)}`;
  };
}
