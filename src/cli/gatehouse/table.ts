import { plainText } from './terminal.ts';

/** Left-aligned columns with two blanks between them; `empty` when there are no rows. */
export function table(titles: readonly string[], rows: readonly (readonly string[])[], empty: string): string {
  if (rows.length === 0) return `${empty}\n`;
  const lines = [titles, ...rows].map((row) => row.map((cell) => plainText(cell)));
  const widths = titles.map((_, column) => Math.max(...lines.map((line) => Array.from(line[column] ?? '').length)));
  return lines
    .map(
      (line) =>
        `${line
          .map((cell, column) => padded(cell, widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

/** One "name  value" a line. */
export function facts(pairs: readonly (readonly [name: string, value: string])[]): string {
  const width = Math.max(...pairs.map(([name]) => name.length));
  return pairs.map(([name, value]) => `${padded(name, width)}  ${plainText(value)}`.trimEnd() + '\n').join('');
}

/** `2026-11-25 03:00` in UTC, for a time of the management API; `absent` for null. */
export function timeCell(time: string | null, absent = '-'): string {
  return time === null ? absent : time.slice(0, 16).replace('T', ' ');
}

function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - Array.from(text).length));
}
