/** `error`: breaks clients that keep to the old document. `warning`: the documents alone cannot decide. `info`: does not. */
export type Level = 'error' | 'warning' | 'info';

export const LEVELS: readonly Level[] = ['error', 'warning', 'info'];

/**
 * What a change does to the set of values that are right. It tells the level once it is known who sends the values:
 * what narrows breaks the one who sends, what widens breaks the one who receives.
 */
export type Effect = 'narrows' | 'widens' | 'replaces' | 'unclear' | 'none';

/** A named kind of change. The names are those of oasdiff wherever it has one. */
export interface Rule {
  id: string;
  level: Level;
  /** What happened to the thing it is about; `{from}` and `{to}` stand for values. */
  text: string;
  /** Why it has this level. */
  why: string;
}

export function levelOf(effect: Effect, isSent: boolean): Level {
  if (effect === 'unclear') return 'warning';
  if (effect === 'none') return 'info';
  if (effect === 'replaces') return 'error';
  return (effect === 'narrows') === isSent ? 'error' : 'info';
}

export function whyOf(effect: Effect, isSent: boolean): string {
  if (effect === 'unclear') return 'Whether clients break depends on what the documents do not say.';
  if (effect === 'none') return 'It changes nothing about what may be sent.';
  if (effect === 'replaces') return 'What was right before is wrong now.';
  if (levelOf(effect, isSent) === 'info') {
    return isSent
      ? 'Everything that clients could send before is still accepted.'
      : 'Clients still receive only what they were told to expect.';
  }
  return isSent
    ? 'What a client was allowed to send may be refused now.'
    : 'A client may receive what the old document ruled out.';
}

export function worst(levels: Iterable<Level>): Level {
  let found: Level = 'info';
  for (const level of levels) {
    if (level === 'error') return 'error';
    if (level === 'warning') found = 'warning';
  }
  return found;
}
