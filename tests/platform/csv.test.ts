import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { csvLine } from '../../src/platform/csv.ts';

describe('a line of CSV', () => {
  test.each([
    [['a', 1, null], 'a,1,\r\n'],
    [['a,b', 'say "so"'], '"a,b","say ""so"""\r\n'],
    [['two\r\nlines'], '"two\r\nlines"\r\n'],
    [['=1+1', '@x'], `"'=1+1","'@x"\r\n`],
    [['-5', -5], `"'-5",-5\r\n`],
  ] as const)('of %j is %j', (cells, line) => {
    expect(csvLine(cells)).toBe(line);
  });

  test('read back gives the cells, and no text begins like a formula (A18)', () => {
    const signs = ['=', '+', '-', '@', '\t', '\r', '\0', '＝', '＋', '－', '＠'];
    const cell = fc.oneof(
      fc.string(),
      fc.tuple(fc.constantFrom(...signs, '"', ',', '\n', ' '), fc.string()).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1, maxLength: 6 }), (cells) => {
        const read = readLine(csvLine(cells));
        expect(read).toHaveLength(cells.length);
        for (const [index, text] of read.entries()) {
          expect(signs).not.toContain(text[0]);
          expect([cells[index], `'${cells[index] ?? ''}`]).toContain(text);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

/** RFC 4180, read character by character. */
function readLine(line: string): string[] {
  const cells: string[] = [];
  let cell = '';
  let isQuoted = false;
  for (let index = 0; index < line.length - 2; index += 1) {
    const character = line[index] ?? '';
    if (isQuoted && character === '"' && line[index + 1] === '"') {
      cell += '"';
      index += 1;
    } else if (character === '"') isQuoted = !isQuoted;
    else if (character === ',' && !isQuoted) {
      cells.push(cell);
      cell = '';
    } else cell += character;
  }
  return [...cells, cell];
}
