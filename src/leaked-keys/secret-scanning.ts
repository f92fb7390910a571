import { type KeyObject, createPublicKey, verify } from 'node:crypto';

import { z } from 'zod';

import { sha256Hex } from '../platform/hash.ts';

/** Reports of a secret scanner in the shape of GitHub's secret-scanning partner programme. */

/** Keys of the scanner by their identifier. */
export type ScannerKeys = ReadonlyMap<string, KeyObject>;

/** One token that was found in public. */
export interface ScanMatch {
  token: string;
  type: string;
  /** May be empty. */
  url: string;
}

/** The feedback to the scanner: the token is named by its hash, so that no answer holds one. */
export interface ScanLabel {
  /** SHA-256, hex. */
  token_hash: string;
  token_type: string;
  label: 'true_positive' | 'false_positive';
}

export interface SignedScan {
  /** Header Github-Public-Key-Identifier. */
  keyIdentifier: string;
  /** Header Github-Public-Key-Signature: base64 of an ASN.1 DER signature. */
  signature: string;
  /** As received: parsing and writing it again would change what was signed. */
  body: Uint8Array;
}

const MATCHES_MAX = 1000;
/** A path may be long; what lies behind this is cut off before it is kept and mailed. */
const URL_MAX_LENGTH = 300;

const keyFile = z.object({ public_keys: z.array(z.object({ key_identifier: z.string().min(1), key: z.string() })) });

const matches = z
  .array(
    z.object({
      token: z.string().max(1000),
      type: z.string().max(200),
      url: z.string().max(5000).nullish(),
    }),
  )
  .max(MATCHES_MAX);

/**
 * Reads the keys as https://api.github.com/meta/public_keys/secret_scanning gives them.
 * @throws with one line that says what is wrong
 */
export function parseScannerKeys(text: string): ScannerKeys {
  const parsed = keyFile.safeParse(parseJson(text));
  if (!parsed.success) throw new Error('must be JSON with "public_keys", each with "key_identifier" and "key"');
  return new Map(parsed.data.public_keys.map(({ key_identifier: id, key }) => [id, readPublicKey(id, key)]));
}

function readPublicKey(id: string, pem: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPublicKey(pem);
  } catch {
    throw new Error(`the key ${id} cannot be read`);
  }
  if (key.asymmetricKeyType !== 'ec' || key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
    throw new Error(`the key ${id} is not of the curve P-256`);
  }
  return key;
}

/** ECDSA with P-256 and SHA-256 over the raw body (FIPS 186-5). False for every key that is not known. */
export function isSignedByScanner(keys: ScannerKeys, { keyIdentifier, signature, body }: SignedScan): boolean {
  const key = keys.get(keyIdentifier);
  if (!key || !/^[A-Za-z0-9+/]{1,200}={0,2}$/.test(signature)) return false;
  return verify('sha256', body, key, Buffer.from(signature, 'base64'));
}

/** The tokens of a report; null when it has another shape. */
export function parseScan(body: Uint8Array): readonly ScanMatch[] | null {
  const parsed = matches.safeParse(parseJson(new TextDecoder().decode(body)));
  if (!parsed.success) return null;
  return parsed.data.map(({ token, type, url }) => ({ token, type, url: readableUrl(url ?? '') }));
}

export function labelOf({ token, type }: ScanMatch, isOurs: boolean): ScanLabel {
  return { token_hash: sha256Hex(token), token_type: type, label: isOurs ? 'true_positive' : 'false_positive' };
}

/** Only an https address is worth showing to a person; '' for any other. */
function readableUrl(text: string): string {
  const url = URL.parse(text);
  return url?.protocol === 'https:' ? `${url.origin}${url.pathname}`.slice(0, URL_MAX_LENGTH) : '';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
