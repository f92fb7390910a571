import { passwordLength } from '../../passwords/password-length.ts';

/** Fewer different characters are a word that repeats itself. */
const FEW_CHARACTERS = 6;
/** Beyond what has to be: guessing takes more than anybody has. */
const MUCH_LONGER = 6;

/**
 * What a new password is worth while it is typed, in a few words; '' for none. Only the server knows what is common: this
 * helps, and decides nothing.
 */
export function passwordStrength(password: string, minLength: number): string {
  const length = passwordLength(password);
  if (length === 0) return '';
  if (length < minLength) return `${length} of ${minLength} characters. A sentence or a few unrelated words work well.`;
  const different = new Set(Array.from(password.normalize('NFKC').toLowerCase())).size;
  if (different < FEW_CHARACTERS) return 'Long enough, but it repeats itself. Use a few unrelated words.';
  return length < minLength + MUCH_LONGER
    ? 'Long enough. A few more characters or another word make it strong.'
    : 'Strong, unless it is a saying that others know or a line of a song.';
}
