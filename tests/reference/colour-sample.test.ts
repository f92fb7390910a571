import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { languages } from '../../src/reference/code-sample.ts';
import { codeSamples } from '../../src/reference/code-samples.ts';
import { colourSample } from '../../src/reference/colour-sample.ts';

const samples = codeSamples({
  method: 'POST',
  url: 'https://api.example/parcels?limit=10',
  headers: [
    { name: 'Authorization', value: 'Bearer gth_test_...' },
    { name: 'Content-Type', value: 'application/json' },
  ],
  body: { mediaType: 'application/json', kind: 'json', value: { name: 'a "quoted" // word', weight: 850, ok: true } },
});

describe('the words of a sample', () => {
  test.each(languages)('put together are the sample, whatever stands in it: %s', (language) => {
    const pieces = fc.constantFrom(
      '"',
      "'",
      '\\',
      '\n',
      '//',
      '#',
      '-',
      '--a',
      '1.5',
      'new',
      'x(',
      ' ',
      '`',
      'é',
      '$',
      '{',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 60 }), (parts) => {
        const code = parts.join('');
        const words = colourSample(language, code);
        expect(words.map(({ text }) => text).join('')).toBe(code);
        expect(words.every(({ text }, index) => text !== '' && words[index + 1]?.kind !== words[index]?.kind)).toBe(
          true,
        );
      }),
    );
  });

  test.each(languages)('are told apart by what they are: %s', (language) => {
    const code = samples.find((sample) => sample.language === language)?.code ?? '';
    const words = colourSample(language, code);
    const of = (kind: string): string[] => words.filter((word) => word.kind === kind).map(({ text }) => text);
    expect(of('string').join(' ')).toContain('gth_test_...');
    expect(of('keyword').length).toBeGreaterThan(0);
    expect(of('comment')).toEqual([]);
    if (!['java'].includes(language)) expect(of('constant').join(' ')).toContain('850');
  });

  test('a sample made to be slow takes no longer than its length says', () => {
    for (const code of ['"', "'", '-', '/', '#', '\\', 'a', '1', `"'`].map((one) => one.repeat(200_000))) {
      const words = colourSample('javascript', code);
      expect(words.map(({ text }) => text.length).reduce((sum, length) => sum + length, 0)).toBe(code.length);
    }
  }, 10_000);
});
