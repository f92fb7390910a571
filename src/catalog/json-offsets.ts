import { type Path, scanJson } from './json-scan.ts';

/** A step that somebody asked for, and those that they asked for below it. */
interface Wanted {
  below: Map<string, Wanted>;
  /** Indexes of the paths that end here or below. */
  asked: number[];
}

/** Where the parts at these paths stand in valid JSON, or the innermost parts around them that exist. One scan for all. */
export function offsetsInJson(text: string, paths: readonly Path[]): number[] {
  const root: Wanted = { below: new Map(), asked: [] };
  for (const [index, path] of paths.entries()) {
    let place: Wanted = root;
    for (const step of path) {
      const next: Wanted = place.below.get(step) ?? { below: new Map(), asked: [] };
      place.below.set(step, next);
      next.asked.push(index);
      place = next;
    }
  }
  const offsets = paths.map((): number => 0);
  scanJson(text, (here, offset) => {
    let place: Wanted | undefined = root;
    for (const step of here) {
      place = place.below.get(step);
      if (!place) return;
    }
    for (const index of place.asked) offsets[index] = offset;
  });
  return offsets;
}

/** Tells the line and column of offsets in a text; the lines are looked for once. */
export function createPlaces(text: string): (offset: number) => { line: number; column: number } {
  let starts: number[] | null = null;
  return (offset) => {
    starts ??= lineStarts(text);
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', end + 1)) starts.push(end + 1);
  return starts;
}
