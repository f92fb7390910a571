/** The shape of an API key or an access token, of any prefix. */
const TOKEN_SHAPE = /_(live|test|pat)_[0-9A-Za-z]{36}/;

/** True when somebody has pasted a token into what is kept, logged or shown in plain text. */
export function holdsToken(text: string): boolean {
  return TOKEN_SHAPE.test(text);
}

export const HOLDS_TOKEN = 'This holds an API key. Keys are secret and this text is not: leave the key out.';
