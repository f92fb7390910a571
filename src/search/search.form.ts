import { holdsToken } from '../platform/token-shape.ts';
import { type SearchKind, isSearchKind } from './search.ts';

/** Longer questions are cut: nobody types them, and work grows with them. */
export const QUESTION_MAX_LENGTH = 200;

export interface ReadQuestion {
  /** '' when nothing, or a key, was asked for. */
  text: string;
  kind: SearchKind | null;
  /** A key was pasted: it must be neither searched for nor shown again. */
  holdsKey: boolean;
}

/** Parameters: `q`, and `kind` for one kind only. Unknown kinds count as none: an old link still finds something. */
export function readQuestion(parameters: URLSearchParams): ReadQuestion {
  const typed = (parameters.get('q') ?? '').trim();
  const kind = parameters.get('kind') ?? '';
  const holdsKey = holdsToken(typed);
  return {
    text: holdsKey ? '' : typed.slice(0, QUESTION_MAX_LENGTH),
    kind: isSearchKind(kind) ? kind : null,
    holdsKey,
  };
}

/** The page of what was asked. */
export function searchPath(text: string, kind: SearchKind | null): string {
  const parameters = new URLSearchParams({ q: text, ...(kind && { kind }) });
  return `/search?${parameters.toString()}`;
}
