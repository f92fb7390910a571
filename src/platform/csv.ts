/**
 * Comma-separated values (RFC 4180) that a spreadsheet opens without running anything: a cell that begins as a formula
 * does gets an apostrophe before it (OWASP ASVS 5.0, 1.2.10). Excel reads UTF-8 only with a byte order mark.
 */
export const CSV_START = '\uFEFF';

export const CSV_MEDIA_TYPE = 'text/csv; charset=utf-8; header=present';

export type CsvCell = string | number | null;

/** `= + - @`, the same in full width, and the characters that Excel skips before it looks for them. */
const FORMULA_START = /^[=+\-@\t\r\n\0\uFF1D\uFF0B\uFF0D\uFF20]/;
const NEEDS_QUOTES = /[",\r\n\0\t]|^\s|\s$/;

/** One line with its end. Numbers are written as they are: they cannot be formulas. */
export function csvLine(cells: readonly CsvCell[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(value: CsvCell): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const isFormula = FORMULA_START.test(value);
  if (!isFormula && !NEEDS_QUOTES.test(value)) return value;
  return `"${isFormula ? "'" : ''}${value.replaceAll('"', '""')}"`;
}
