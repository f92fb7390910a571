import { expect, test } from 'vitest';

import { plainStart } from '../../src/ui/reference/embedded-markdown.ts';

test('says how a text begins without its Markdown, and keeps names as they are', () => {
  expect(plainStart('# Charges\n> A **charge** of `an_amount`, see [the guide](https://example.com/a).')).toBe(
    'Charges A charge of an_amount, see the guide.',
  );
  expect(plainStart('Set _id and tracking_number, _soft_ and __loud__; C# is fine, 3 < 4 too.')).toBe(
    'Set _id and tracking_number, soft and loud; C# is fine, 3 < 4 too.',
  );
});

test('leaves out the HTML that descriptions of real documents have', () => {
  expect(plainStart('<p>Retrieves the <code>details</code> of a charge.</p>\n<p class="x">Then more.</p>')).toBe(
    'Retrieves the details of a charge. Then more.',
  );
  expect(plainStart('Send Bearer <token><br/>as <api-key>.')).toBe('Send Bearer <token> as <api-key>.');
});

test('ends a long text at the given length', () => {
  const start = plainStart('word '.repeat(100), 20);
  expect(start).toBe('word word word word…');
  expect(start.length).toBeLessThanOrEqual(20);
});
