import { median } from './docs-readers.ts';
import type { Visit } from './docs-visit.ts';

export const goals = { toStatic: 1.5, timesPeer: 10, kilobytes: 60, blockingMs: 0, layoutShift: 0 };

/** Medians of the visits of one renderer; null: at least half of them never saw the operation. */
export interface Row {
  name: string;
  readyMs: number | null;
  kilobytes: number;
  blockingMs: number;
  layoutShift: number;
  heapMb: number;
}

export function rowOf(name: string, visits: readonly Visit[]): Row {
  const of = (pick: (one: Visit) => number): number => rounded(median(visits.map(pick)));
  const readyMs = median(visits.map((one) => one.readyMs ?? Infinity));
  return {
    name,
    readyMs: Number.isFinite(readyMs) ? Math.round(readyMs) : null,
    kilobytes: of((one) => one.kilobytes),
    blockingMs: of((one) => one.blockingMs),
    layoutShift: Number(Math.max(...visits.map((one) => one.layoutShift)).toFixed(4)),
    heapMb: of((one) => one.heapMb),
  };
}

/** Writes the table of one operation. The first row is ours, the second the static page, the third our page as a file. */
export function sayRows(title: string, rows: readonly Row[]) {
  sayTable(
    title,
    rows.map((row) => ({ ...row, readyMs: row.readyMs ?? 'never' })),
  );
  const [ours, fixed, asFile, ...others] = rows;
  const fastest = Math.min(...others.map(({ readyMs }) => readyMs ?? Infinity));
  const own = ours?.readyMs ?? Infinity;
  const ratios = {
    toStatic: rounded(own / (fixed?.readyMs ?? Infinity), 2),
    toOwnFile: rounded(own / (asFile?.readyMs ?? Infinity), 2),
    timesFastestPeer: Number.isFinite(fastest) ? rounded(fastest / own, 1) : 'no peer ever showed it',
  };
  say(`${JSON.stringify(ratios)}\n`);
  return { title, ratios, rows };
}

export function sayTable(title: string, rows: readonly object[]): void {
  const names = Object.keys(rows[0] ?? {});
  const lines = [names, ...rows.map((row) => Object.values(row).map(String))];
  const widths = names.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  say(title);
  for (const line of lines)
    say(
      line
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('  '),
    );
  say('');
}

export function rounded(value: number, digits = 1): number {
  return Number(value.toFixed(digits));
}

export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
