import { dictionary } from '@zxcvbn-ts/language-common';

import {
  type NewPasswordRefusal,
  PASSWORD_MIN_LENGTH,
  PASSWORD_MIN_LENGTH_WITH_SECOND_FACTOR,
  type PasswordRefusal,
} from '../accounts/account.ts';
import { passwordLength } from './password-length.ts';

const commonPasswords = new Set(dictionary['passwords-common'].map((password) => password.toLowerCase()));

/** Repeated past the longest password, so that any run through them is a part of them. */
const sequences = ['0123456789', 'abcdefghijklmnopqrstuvwxyz', 'qwertyuiopasdfghjklzxcvbnm'].flatMap((sequence) => [
  { name: sequence, run: sequence.repeat(30) },
  { name: sequence, run: Array.from(sequence.repeat(30)).reverse().join('') },
]);

const LONGEST_REPEATED_UNIT = 4;
/** Shorter words turn up in good passwords by chance. */
const SHORTEST_CONTEXT_WORD = 4;

/** null when the password may be used (NIST SP 800-63B 3.1.1.2, ASVS 6.2.4, 6.2.11, 6.2.12). */
export function passwordRefusal(password: string, email: string): PasswordRefusal | null {
  const lower = password.normalize('NFKC').toLowerCase();
  const common = commonPart(lower);
  if (common !== null) return { reason: 'password_too_common', word: common };
  const context = contextWords(email).find((word) => lower.includes(word));
  return context === undefined ? null : { reason: 'password_has_context', word: context };
}

/** The same for a password that replaces another one. */
export function newPasswordRefusal(
  password: string,
  email: string,
  hasSecondFactor: boolean,
): NewPasswordRefusal | null {
  const minLength = hasSecondFactor ? PASSWORD_MIN_LENGTH_WITH_SECOND_FACTOR : PASSWORD_MIN_LENGTH;
  if (passwordLength(password) < minLength) return { reason: 'password_too_short', minLength };
  return passwordRefusal(password, email);
}

/** `password2026!` is `password`, and `aaaa...` is `a`: what an attacker tries first. */
function commonPart(lower: string): string | null {
  const unit = repeatedUnit(lower);
  if (Array.from(unit).length <= LONGEST_REPEATED_UNIT) return unit;
  const sequence = sequences.find(({ run }) => run.includes(lower));
  if (sequence) return sequence.name;
  const withoutEnding = dropEnding(unit);
  return [lower, unit, withoutEnding, repeatedUnit(withoutEnding)].find((word) => commonPasswords.has(word)) ?? null;
}

/** The shortest text of which `text` is a whole number of copies; `text` itself when there is none. */
function repeatedUnit(text: string): string {
  // A text stands in its own doubling first where one copy of the unit ends.
  return text.slice(0, (text + text).indexOf(text, 1));
}

/** Without the digits, punctuation and blanks at the end. */
function dropEnding(text: string): string {
  const characters = Array.from(text);
  while (/^[\p{N}\p{P}\p{S}\s]$/u.test(characters.at(-1) ?? '')) characters.pop();
  return characters.join('');
}

function contextWords(email: string): string[] {
  const [localPart = '', domain = ''] = email.toLowerCase().split('@');
  const labels = domain.split('.').slice(0, -1);
  const words = ['gatehouse', localPart, ...localPart.split(/[^a-z0-9]+/), ...labels];
  return words.filter((word) => word.length >= SHORTEST_CONTEXT_WORD);
}
