import { newToken } from '../email-addresses/one-time-token.ts';
import { hmacSha256, sha256Hex } from '../platform/hash.ts';
import type { Random } from '../platform/random.ts';
import { CEREMONY_MS, type Ceremony } from './passkey.ts';

/** What an answer is good for. `subject`: the session or pending sign-in that asked, '' for nobody's. */
export interface CeremonyBinding {
  ceremony: Ceremony;
  subject: string;
}

export interface OpenedTicket {
  /** 32 bytes. */
  challenge: Uint8Array<ArrayBuffer>;
  /** What is remembered once the challenge was answered. */
  id: string;
  expiresAtMs: number;
}

/**
 * Pure: the challenge is derived from a value that the browser keeps in a cookie, so that asking for one writes nothing,
 * and an answer is worth something only to the browser, for the purpose and within the time that it was asked for.
 */
export function newTicket(random: Random, nowMs: number): { ticket: string; expiresAtMs: number } {
  const expiresAtMs = nowMs + CEREMONY_MS;
  return { ticket: `${expiresAtMs}.${newToken(random)}`, expiresAtMs };
}

/** null when the ticket is none or has expired. */
export function openTicket(
  sessionSecret: Uint8Array,
  ticket: string,
  { ceremony, subject }: CeremonyBinding,
  nowMs: number,
): OpenedTicket | null {
  const expiresAtMs = Number(/^(\d{13})\.[\w-]{43}$/.exec(ticket)?.[1] ?? 0);
  if (expiresAtMs <= nowMs || expiresAtMs > nowMs + CEREMONY_MS) return null;
  const challenge = new Uint8Array(hmacSha256(sessionSecret, `passkey_challenge:${ceremony}:${subject}:${ticket}`));
  return { challenge, id: sha256Hex(`used_ceremony:${ticket}`), expiresAtMs };
}
