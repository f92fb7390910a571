import type { TykKeyNote } from '../../tyk/tyk-overview.ts';
import { needsRotation } from '../../tyk/tyk-overview.ts';

/** Why Tyk does not have a key, or why the last attempt to reach it failed. */
export function problemText(problem: string): string {
  switch (problem) {
    case '':
      return '';
    case 'unreachable':
      return 'Tyk did not answer.';
    case 'wrong_secret':
      return 'Tyk refused the secret: compare TYK_SECRET with tyk.conf.';
    case 'not_hashed':
      return 'Tyk would store keys in clear text: set hash_keys to true.';
    case 'weak_hash':
      return 'Tyk would store keys under a weak hash: set hash_key_function to sha256.';
    default:
      return 'Tyk refused: its log says why.';
  }
}

/** How it came that Tyk does not have a key. */
export function absenceText({ state, problem }: TykKeyNote): string {
  switch (state) {
    case 'unknown':
      return 'It was issued before Tyk was connected.';
    case 'lost':
      return 'Tyk had it and has lost it.';
    case 'missing':
      return `It did not reach Tyk when it was issued. ${problemText(problem)}`.trim();
    case 'present':
    case 'removed':
      return '';
  }
}

/** Why a key is inactive in Tyk though it works here. */
export function heldBackText(heldBack: string): string {
  switch (heldBack) {
    case 'addresses':
      return 'It has an IP allowlist, which Tyk cannot check for a single key.';
    case 'referrers':
      return 'It is restricted to pages, which Tyk cannot check.';
    default:
      return 'Its plan and its own restrictions leave nothing that it may call there.';
  }
}

export interface TykNotice {
  tone: 'warn' | 'info';
  title: string;
  text: string;
  /** Whether rotating the key is what helps. */
  isRotated: boolean;
}

/** What the developer of a key has to know; null when there is nothing. */
export function noticeOf(note: TykKeyNote): TykNotice | null {
  if (needsRotation(note)) {
    return {
      tone: 'warn',
      title: 'The gateway does not know this key',
      text: 'Calls with it are refused there, and its token is stored nowhere, so it cannot be handed on.',
      isRotated: true,
    };
  }
  if (note.heldBack === 'addresses' || note.heldBack === 'referrers') {
    const text = `${heldBackText(note.heldBack)} So that it is not open to everybody, calls with it are refused there.`;
    return { tone: 'warn', title: 'The gateway does not accept this key', text, isRotated: false };
  }
  if (note.problem === '') return null;
  return {
    tone: 'info',
    title: 'A change is on its way to the gateway',
    text: 'What you see here has not reached the gateway yet. It is tried again until it has.',
    isRotated: false,
  };
}
